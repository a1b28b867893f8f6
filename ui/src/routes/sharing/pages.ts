// Read together when the first of them is shown.
export { default as AddContact } from './AddContact.svelte';
export { default as AsItem } from './AsItem.svelte';
export { default as AsThem } from './AsThem.svelte';
export { default as Give } from './Give.svelte';
export { default as GiveTo } from './GiveTo.svelte';
export { default as Refused } from './Refused.svelte';
export { default as Request } from './Request.svelte';
export { default as Seen } from './Seen.svelte';
export { default as Share } from './Share.svelte';
export { default as Shared } from './Shared.svelte';
export { default as ShareNarrow } from './ShareNarrow.svelte';
export { default as Sharing } from './Sharing.svelte';
