import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { render } from 'svelte/server';
import type { Component } from 'svelte';
import { runnerImport, type Plugin } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where it goes in `index.html`. */
const PLACE = '<!--start-->';

/** The markup of `Start.svelte`: what the window shows before its script runs. It has no words but the name. */
export async function startFrame(): Promise<string> {
  const settings = {
    root: here('.'),
    logLevel: 'error' as const,
    plugins: [svelte({ configFile: here('./svelte.config.js') })],
    resolve: { alias: { '@words': here('../crates/wallet/words') } },
  };
  const { module } = await runnerImport<{ default: Component }>(here('./src/frame/start.ts'), settings);
  // The comments are for waking a page up again, which is not done: the window puts its own in this place.
  return render(module.default).body.replace(/<!--.*?-->/gs, '').replace(/>\s+</g, '><').trim();
}

/** Puts it into the page, and the style sheet before the script: the shell answers one question after the other. */
export function start(): Plugin[] {
  return [
    {
      name: 'satchel-start',
      transformIndexHtml: {
        order: 'pre',
        async handler(html) {
          if (!html.includes(PLACE)) throw new Error(`index.html has no ${PLACE}`);
          return html.replace(PLACE, await startFrame());
        },
      },
    },
    { name: 'satchel-style-first', transformIndexHtml: { order: 'post', handler: styleFirst } },
  ];
}

function styleFirst(html: string): string {
  const sheet = /[ \t]*<link rel="stylesheet"[^>]*>\n/.exec(html)?.[0];
  return sheet ? html.replace(sheet, '').replace(/[ \t]*<script/, (script) => sheet + script) : html;
}
