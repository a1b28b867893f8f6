// Read together when the first of them is shown.
export { default as Sharing } from './Sharing.svelte';
