// Read together when the first of them is shown.
export { default as AddKey } from './AddKey.svelte';
export { default as AddPerson } from './AddPerson.svelte';
export { default as AutoLock } from './AutoLock.svelte';
export { default as Closing } from './Closing.svelte';
export { default as ErasePerson } from './ErasePerson.svelte';
export { default as Key } from './Key.svelte';
export { default as KeyName } from './KeyName.svelte';
export { default as Keys } from './Keys.svelte';
export { default as Language } from './Language.svelte';
export { default as Person } from './Person.svelte';
export { default as Settings } from './Settings.svelte';
export { default as Shortcuts } from './Shortcuts.svelte';
export { default as Theme } from './Theme.svelte';
