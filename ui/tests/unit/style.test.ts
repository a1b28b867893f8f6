import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SRC = new URL('../../src/', import.meta.url).pathname;
const tokens = readFileSync(join(SRC, 'styles/tokens.css'), 'utf8');

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

function declarations(block: string): string[] {
  return block.split('\n').map((line) => line.trim()).filter((line) => /^[\w-]+:/.test(line));
}

test('the two dark blocks are equal', () => {
  const followed = /:root:not\(\[data-theme="light"\]\) \{([^}]*)\}/.exec(tokens)?.[1] ?? '';
  const chosen = /:root\[data-theme="dark"\] \{([^}]*)\}/.exec(tokens)?.[1] ?? '';
  expect(declarations(followed).length).toBeGreaterThan(30);
  expect(declarations(chosen)).toEqual(declarations(followed));
});

test('every colour a style sheet names is a token', () => {
  const known = new Set([...tokens.matchAll(/(--[\w-]+):/g)].map((match) => match[1]));
  for (const file of files(SRC).filter((path) => /\.(css|svelte)$/.test(path))) {
    const text = readFileSync(file, 'utf8');
    const local = new Set([...text.matchAll(/(--[\w-]+):/g)].map((match) => match[1]));
    const unknown = [...text.matchAll(/var\((--[\w-]+)/g)].map((match) => match[1]).filter((name) => !known.has(name) && !local.has(name));
    expect(unknown, file).toEqual([]);
  }
});

test('nothing is written that the policy of the window forbids', () => {
  for (const file of files(SRC).filter((path) => path.endsWith('.svelte'))) {
    const text = readFileSync(file, 'utf8');
    expect(text, file).not.toMatch(/\sstyle=|\{@html|svelte\/transition|svelte\/animate/);
  }
});

test('no file outgrows its room', () => {
  for (const file of files(SRC).filter((path) => /\.(ts|svelte)$/.test(path) && !path.endsWith('types.ts') && !path.endsWith('bindings.ts'))) {
    expect(readFileSync(file, 'utf8').split('\n').length, file).toBeLessThanOrEqual(400);
  }
});
