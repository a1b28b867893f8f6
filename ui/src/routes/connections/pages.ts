// Read together when the first of them is shown.
export { default as Connect } from './Connect.svelte';
export { default as Connection } from './Connection.svelte';
export { default as ConnectionName } from './ConnectionName.svelte';
export { default as Connections } from './Connections.svelte';
export { default as Doctor } from './Doctor.svelte';
export { default as Launch } from './Launch.svelte';
export { default as Pull } from './Pull.svelte';
export { default as Report } from './Report.svelte';
