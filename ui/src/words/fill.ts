/** A text, or one text for each plural form that the language has. */
export type Message = string | { readonly [form in Intl.LDMLPluralRule]?: string };

/** What a placeholder may hold. Numbers are written as the language writes them. */
export type Params = Readonly<Record<string, string | number>>;

const PLACEHOLDER = /\{(\w+)(?:\|([^{}]*))?\}/g;

/** Picks the plural form by `params.count` and fills `{name}`; `{name|words}` falls back to its words. */
export function fill(message: Message, params: Params, language: string): string {
  const text = typeof message === 'string' ? message : form(message, params, language);
  return text.replace(PLACEHOLDER, (_all, name: string, fallback: string | undefined) => {
    const value = params[name];
    if (typeof value === 'number') return new Intl.NumberFormat(language, { useGrouping: 'always' }).format(value);
    return value ?? fallback ?? '';
  });
}

function form(message: Exclude<Message, string>, params: Params, language: string): string {
  const count = Number(params['count'] ?? 0);
  return message[new Intl.PluralRules(language).select(count)] ?? message.other ?? '';
}

/** The names of the placeholders in every form of a message, sorted. */
export function placeholders(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  const names = texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''));
  return [...new Set(names)].sort();
}
