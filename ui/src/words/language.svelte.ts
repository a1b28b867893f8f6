import type { Message } from './fill';
import { flat, type Shared } from './messages';

/** The languages the window speaks; `pseudo` is for tests only and reads from right to left. */
export type Language = 'en' | 'es' | 'pseudo';

/** The tag that the platform's own formatting understands. */
export type Tag = 'en' | 'es';

interface Words {
  texts: ReadonlyMap<string, Message>;
  shared: Shared;
}

const NONE: Words = { texts: new Map(), shared: { errors: {}, reasons: {}, facts: {}, actions: {}, kinds: {}, doctor: {}, leftOut: {}, purposes: {}, types: {}, topics: {} } };
// Only the language on screen is read: the others would double what the window waits for at its start.
const READ = { en: () => import('./en'), es: () => import('./es') };
const here: Partial<Record<Tag, Words>> = {};

let chosen = $state<Language>('en');
let wanted: Language = 'en';

/** The language on screen now. Reading it in a template keeps the template up to date. */
export function language(): Language {
  return chosen;
}

/** The tag of the language on screen. */
export function tag(): Tag {
  return tagOf(chosen);
}

/** The words of the language on screen. */
export function words(): Words {
  return here[tag()] ?? NONE;
}

/** Speaks this language from now on: at once when its words were read before, else as soon as they are. */
export async function setLanguage(next: Language): Promise<void> {
  wanted = next;
  const tag = tagOf(next);
  if (!here[tag]) {
    const read = await READ[tag]();
    here[tag] = { texts: flat(read.areas), shared: read.shared };
  }
  // Another may have been asked for meanwhile.
  if (wanted === next) chosen = next;
}

function tagOf(language: Language): Tag {
  return language === 'es' ? 'es' : 'en';
}

/** What the choice in the settings means on this computer: `system` follows the order the person gave the system. */
export function languageOf(choice: string, wanted: readonly string[]): Language {
  if (choice === 'en' || choice === 'es' || choice === 'pseudo') return choice;
  for (const one of wanted) {
    const short = one.slice(0, 2).toLowerCase();
    if (short === 'en' || short === 'es') return short;
  }
  return 'en';
}
