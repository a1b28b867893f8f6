import type { Kind, RecordQuery } from '../../ipc';

/** The kinds in the order of the filter list. */
export const KINDS = [
  'lab', 'vital', 'medication', 'condition', 'allergy', 'immunization', 'procedure',
  'visit', 'document', 'report', 'carePlan', 'claim', 'people', 'other',
] as const satisfies readonly Kind[];

/** What the person asked the record for. */
export interface Filters {
  readonly words: string;
  readonly kind: Kind | null;
  readonly source: string | null;
  readonly from: string | null;
  readonly to: string | null;
  /** Every result, where else only the newest of each test would be listed. */
  readonly every: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether a text names a day that exists. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

/** Reads the filters from the address of the page; what does not fit is left out. */
export function readFilters(query: Readonly<Record<string, string>>): Filters {
  const day = (text: string | undefined) => (text !== undefined && isDay(text) ? text : null);
  return {
    words: query['words'] ?? '',
    kind: KINDS.find((kind) => kind === query['kind']) ?? null,
    source: query['source'] || null,
    from: day(query['from']),
    to: day(query['to']),
    every: query['results'] === 'every',
  };
}

/** The filters as they stand in the address. */
export function writeFilters(filters: Filters): Record<string, string> {
  return {
    words: filters.words,
    kind: filters.kind ?? '',
    source: filters.source ?? '',
    from: filters.from ?? '',
    to: filters.to ?? '',
    results: filters.every ? 'every' : '',
  };
}

/** Whether the kind has tests that are measured again and again. */
export function isMeasured(kind: Kind | null): boolean {
  return kind === 'lab' || kind === 'vital';
}

/** Whether one row stands for all results of a test. */
export function newestOnly(filters: Filters): boolean {
  return isMeasured(filters.kind) && !filters.every;
}

/** Whether anything narrows the record. */
export function narrowed(filters: Filters): boolean {
  return Boolean(filters.words.trim() || filters.kind || filters.source || filters.from || filters.to);
}

/** The question to the wallet. */
export function recordQuery(filters: Filters, offset: number, limit: number): RecordQuery {
  const { words, kind, source, from, to } = filters;
  return { words: words.trim(), kind, source, from, to, newestOfEach: newestOnly(filters), offset, limit };
}
