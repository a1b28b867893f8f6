// Read together when the first of them is shown.
export { default as Ask } from './Ask.svelte';
export { default as Erase } from './Erase.svelte';
export { default as Held } from './Held.svelte';
export { default as Meet } from './Meet.svelte';
export { default as Offer } from './Offer.svelte';
export { default as Pair } from './Pair.svelte';
export { default as Read } from './Read.svelte';
export { default as Take } from './Take.svelte';
