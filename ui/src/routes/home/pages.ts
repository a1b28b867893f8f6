// Read together when the first of them is shown.
export { default as Home } from './Home.svelte';
