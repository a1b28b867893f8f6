import { world } from './fake/world';

// The make-believe wallet must stand before the window asks it anything.
const params = new URLSearchParams(location.search);
Object.defineProperty(window, '__TAURI_INTERNALS__', { value: { invoke: world(params.get('world') ?? 'usual', params) } });
await import('../../src/main');
