import { fill, type Message, type Params } from './fill';
import { language, tag, words } from './language.svelte';
import type { Key } from './messages';
import { pseudo } from './pseudo';

export * as format from './format';
export { language, languageOf, setLanguage, tag, type Language } from './language.svelte';
export type { Key } from './messages';
export { actionName, doctorStep, errorWhat, errorWords, factLabel, headWords, kindName, kindOne, namedCodes, namedWords, reasonWords } from './shared';
export { sentence } from './sentence';

/** The text of this name in the language on screen. `count` picks the plural form. */
export function t(key: Key, params: Params = {}): string {
  const message = words().texts.get(key) ?? key;
  return fill(language() === 'pseudo' ? inPseudo(message) : message, params, tag());
}

function inPseudo(message: Message): Message {
  if (typeof message === 'string') return pseudo(message);
  return Object.fromEntries(Object.entries(message).map(([form, text]) => [form, pseudo(text)]));
}
