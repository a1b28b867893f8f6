// Read together when the first of them is shown.
export { default as Activity } from './Activity.svelte';
