import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(`../../src/ipc/${path}`, import.meta.url), 'utf8');

/** Each command with the names of its arguments. */
function commands(text: string, call: RegExp): Map<string, string[]> {
  return new Map(
    [...text.matchAll(call)].map(([, command = '', args = '']) => [command, args.split(',').map((arg) => arg.trim()).filter(Boolean).sort()]),
  );
}

test('the door calls every command of the shell, with its very arguments', () => {
  const shell = commands(read('bindings.ts'), /__TAURI_INVOKE<[^(]*>\("(\w+)"(?:, \{([^}]*)\})?\)/g);
  const door = commands(read('client.ts'), /call<[^(]*>\('(\w+)'(?:, \{([^}]*)\})?\)/g);
  expect(shell.size).toBeGreaterThan(40);
  expect(Object.fromEntries(door)).toEqual(Object.fromEntries(shell));
});
