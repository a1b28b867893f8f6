// Read by the build only (`start-frame.ts`). The name is the same in every language.
import { setLanguage } from '../words';

await setLanguage('en');

export { default } from './Start.svelte';
