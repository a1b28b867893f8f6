import type { Sentence } from '../ipc';
import { language, tag } from './language.svelte';
import { pseudo } from './pseudo';

/** A sentence of a grant in the language on screen, as the wallet made it: the very words of the command line. */
export function sentence(said: Sentence): string {
  const text = said[tag()];
  return language() === 'pseudo' ? pseudo(text) : text;
}
