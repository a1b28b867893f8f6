import type { areas } from './en';
import type { Message } from './fill';

type Areas = typeof areas;

/** Every text has a name: its area, a dot, its key there. */
export type Key = { [A in keyof Areas & string]: `${A}.${keyof Areas[A] & string}` }[keyof Areas & string];

/** The texts of one language, by area. */
export type Messages = { readonly [A in keyof Areas]: { readonly [K in keyof Areas[A]]: Message } };

/** The texts that the command line says too. */
export interface Shared {
  errors: Record<string, { what: string; help: string }>;
  reasons: Record<string, { verdict: string; reason: string; help: string }>;
  facts: Record<string, string>;
  actions: Record<string, string>;
  kinds: Record<string, { one: string; many: string }>;
  doctor: Record<string, string>;
  leftOut: Record<string, string>;
  purposes: Record<string, string>;
  types: Record<string, string>;
  topics: Record<string, string>;
}

/** All texts of one language under their full names. */
export function flat(areas: Messages): ReadonlyMap<string, Message> {
  const all = new Map<string, Message>();
  for (const [area, texts] of Object.entries(areas)) {
    for (const [key, message] of Object.entries(texts)) all.set(`${area}.${key}`, message);
  }
  return all;
}
