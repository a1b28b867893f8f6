import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { start } from './start-frame.ts';

// The window runs under `script-src 'self'; style-src 'self'`: nothing may end up inline.
export default defineConfig({
  plugins: [svelte(), start()],
  resolve: { alias: { '@words': fileURLToPath(new URL('../crates/wallet/words', import.meta.url)) } },
  server: { port: 1420, strictPort: true, fs: { allow: ['..'] } },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    sourcemap: false,
    // What every page is made from comes in one file: each file is a question to the shell.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'window', test: /\/node_modules\/(svelte|@tauri-apps)\/|\/src\/(frame|parts|ipc)\// }] } } },
  },
  test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
});
