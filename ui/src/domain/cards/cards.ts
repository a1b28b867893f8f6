import type { CardKind, CardLine, CardView } from '../../ipc';

/** The ground a card has in the stack. */
export const GROUNDS: Readonly<Record<CardKind, string>> = { immunization: 'hcard--a', laboratory: 'hcard--b', other: 'hcard--c' };

/** A code in brackets after a name: it stands in the lines of the card, a title has no room for it. */
const CODE = / \((?:LOINC|CVX|SNOMED(?: CT)?|ICD-10(?:-CM)?|RxNorm) [\w.-]+\)$/;

/** What a card says, each thing once, in its order. */
export function subjects(card: Pick<CardView, 'kind' | 'lines'>): readonly string[] {
  const said = card.lines.flatMap((line) => {
    const value = card.kind === 'laboratory' && line.value ? together(line.value) : null;
    const what = line.what?.replace(CODE, '');
    return what ? [value ? `${what}: ${value}` : what] : [];
  });
  return [...new Set(said)];
}

/** A value keeps its unit beside it. */
function together(value: string): string {
  return value.replace(/ (?=\S+$)/, '\u00a0');
}

/** The newest date on a card's lines, else the day it was issued. */
export function dateOf(card: Pick<CardView, 'lines' | 'issued'>): string | null {
  const dates = card.lines.flatMap(({ date }) => (date ? [date] : []));
  return dates.sort().at(-1) ?? card.issued;
}

/** The parts of one line that are stated, without its date. */
export function lineParts(line: CardLine): readonly string[] {
  return [line.what, line.value && together(line.value)].filter((part): part is string => Boolean(part));
}

/**
 * A later card of the same issuer, kind and person that says all that this one says: the one to show instead.
 * Of several, the newest.
 */
export function newerOf(card: CardView, held: readonly CardView[]): CardView | undefined {
  const says = card.lines.map(({ what }) => what);
  return held
    .filter(
      (other) =>
        other.id !== card.id &&
        other.kind === card.kind &&
        other.issuerAddress === card.issuerAddress &&
        other.name === card.name &&
        other.birthDate === card.birthDate &&
        (other.issued ?? '') > (card.issued ?? '') &&
        says.every((what) => other.lines.some((line) => line.what === what)),
    )
    .sort((a, b) => (b.issued ?? '').localeCompare(a.issued ?? ''))[0];
}

/** Days that a removed card stays, from the day it was removed. */
const KEPT = 30;

/** Whole days until a removed card is gone. */
export function daysLeft(removed: string, now: Date): number {
  const gone = new Date(removed).getTime() + KEPT * 86_400_000;
  return Math.max(0, Math.ceil((gone - now.getTime()) / 86_400_000));
}

/** The findings in a verdict's evidence. */
export function findings(evidence: string): ReadonlySet<string> {
  return new Set(evidence.split(/[^A-Za-z0-9]+/).filter(Boolean));
}
