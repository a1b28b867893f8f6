import type { NamedView, Sentence } from '../ipc';
import { date, dateTime, list } from './format';
import { grantWords, namedWords } from './shared';

/** A sentence of a grant with its places filled: the same words as the command line's. */
export function sentence(said: Sentence): string {
  return said.places.reduce((text, place) => text.replaceAll(`{${place.name}}`, list(place.named.map(named))), grantWords(said.key));
}

/** Sentences as paragraphs: what narrows a permit or an exclusion stands with it. */
export function paragraphs(said: readonly Sentence[]): string[] {
  const all: string[] = [];
  for (const one of said) {
    const text = sentence(one);
    if (one.key.startsWith('of.') && all.length > 0) all[all.length - 1] = `${all.at(-1)} ${text}`;
    else all.push(text);
  }
  return all;
}

function named(one: NamedView): string {
  switch (one.kind) {
    case 'resourceType':
      return namedWords('types', one.value);
    case 'topic':
      return namedWords('topics', one.value);
    case 'purpose':
      return namedWords('purposes', one.value);
    case 'day':
      return date(one.value);
    case 'instant':
      return dateTime(one.value);
    default:
      return one.value;
  }
}
