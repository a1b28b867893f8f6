const MARKS: Record<string, string> = { a: 'á', e: 'ë', i: 'ï', o: 'ô', u: 'ü', A: 'Å', E: 'É', I: 'Î', O: 'Ø', U: 'Ü', n: 'ñ', c: 'ç' };

/**
 * A text as an invented right-to-left language would have it: a third longer, with marks on its letters and
 * brackets around it, so that cut-off or untranslated words are seen at once. Placeholders stay.
 */
export function pseudo(text: string): string {
  const marked = text
    .split(/(\{[^{}]*\})/)
    .map((part) => (part.startsWith('{') ? part : part.replace(/[aeiouAEIOUnc]/g, (letter) => MARKS[letter] ?? letter)))
    .join('');
  return `⟦${marked}${'·'.repeat(Math.ceil(text.length / 3))}⟧`;
}
