import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { start } from '../../start-frame.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  plugins: [svelte({ configFile: here('../../svelte.config.js') }), start()],
  resolve: { alias: { '@words': here('../../../crates/wallet/words') } },
  build: { target: 'es2022', outDir: here('out/site'), emptyOutDir: true, assetsInlineLimit: 0, cssCodeSplit: false, modulePreload: { polyfill: false } },
});
