// Read together when the first of them is shown.
export { default as Document } from './Document.svelte';
export { default as Item } from './Item.svelte';
export { default as Lab } from './Lab.svelte';
export { default as Records } from './Records.svelte';
