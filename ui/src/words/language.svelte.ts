/** The languages the window speaks; `pseudo` is for tests only and reads from right to left. */
export type Language = 'en' | 'es' | 'pseudo';

let chosen = $state<Language>('en');

/** The language on screen now. Reading it in a template keeps the template up to date. */
export function language(): Language {
  return chosen;
}

/** The tag that the platform's own formatting understands. */
export function tag(): 'en' | 'es' {
  return chosen === 'es' ? 'es' : 'en';
}

export function setLanguage(next: Language): void {
  chosen = next;
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
