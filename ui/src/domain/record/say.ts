import type { Against, Fact, Kind, Range, Row } from '../../ipc';
import { href } from '../../frame/routes';
import { format, kindName, kindOne, t, type Key } from '../../words';
import { sayRange } from './range';
import { withUnit } from './unit';
import { isKnownStatus } from './status';

/** A clinical date as stated, to the day. */
export function dayOf(stated: string | null): string {
  return stated ? format.date(stated) : t('parts.notStated');
}

/** A clinical date as stated, with its time when there is one. */
export function momentOfDay(stated: string | null): string {
  return stated ? format.dateTime(stated) : t('parts.notStated');
}

const JOINER = '\u2060'; // a range does not break after its dash

/** A range in words: `3.5–5.1`, `60 or more`, `up to 2.6`; `null` when none was sent. */
export function rangeText(range: Range | null, unit: string | null = null): string | null {
  const said = sayRange(range);
  switch (said?.shape) {
    case 'between':
      return withUnit(`${said.low}–${JOINER}${said.high}`, unit);
    case 'atLeast':
      return t('record.range.atLeast', { low: withUnit(said.low, unit) });
    case 'upTo':
      return t('record.range.upTo', { high: withUnit(said.high, unit) });
    case 'inWords':
      return said.text;
    default:
      return null;
  }
}

/** A value beside the laboratory's range; never more than that. */
export function againstText(against: Against): string {
  return t(`record.against.${against}`);
}

/** A status in words when the standard names it, else as the source wrote it. */
export function statusText(status: string): string {
  const code = status.trim().toLowerCase().replace(/\s+/g, '-');
  return isKnownStatus(code) ? t(`record.status.${code}` as Key) : status;
}

const DATES = new Set(['onset', 'ended', 'recorded', 'issued', 'period', 'given', 'ordered', 'expires', 'birthDate', 'deceased']);
const STATES = new Set(['status', 'verification', 'outcome', 'criticality', 'severity', 'intent', 'priority', 'gender', 'type', 'category']);
const STATED = /^\d{4}(-\d{2}(-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?)?)?$/;

/** Days from and to; a side that was not stated is said, not left as a dash. */
function period([from = '', ...rest]: readonly string[]): string {
  if (rest.length === 0) return from;
  const to = rest.join(' – ');
  if (to === '') return t('record.period.since', { day: from });
  return from === '' ? t('record.period.until', { day: to }) : `${from} – ${to}`;
}

/** What a fact says: dates and the standard's codes in the language on screen, all else as the source sent it. */
export function factText(fact: Fact): string {
  if (fact.text === 'true') return t('record.yes');
  if (fact.text === 'false') return t('record.no');
  if (DATES.has(fact.label)) {
    return period(fact.text.split(/\s*–\s*/).map((part) => (STATED.test(part) ? format.dateTime(part) : part)));
  }
  return STATES.has(fact.label) ? fact.text.split('; ').map(statusText).join('; ') : fact.text;
}

/** The page that shows a row. */
export function rowHref(row: Pick<Row, 'id' | 'kind' | 'attachment'>): string {
  const { id, kind, attachment } = row;
  if (kind === 'lab' || kind === 'vital') return href('lab', { id });
  return kind === 'document' || attachment ? href('document', { id }) : href('item', { id });
}

/** The title of a row; what it is, when the source names nothing. */
export function titleOf(row: Pick<Row, 'title' | 'kind'> & Partial<Pick<Row, 'resourceType'>>): string {
  if (row.resourceType === 'Provenance') return row.title ? t('record.provenance.by', { name: row.title }) : t('record.provenance');
  if (row.resourceType === 'Binary') return t('record.file.whole');
  return row.title ?? t('record.untitled', { kind: kindOne(row.kind) });
}

/** How many of what: `94 lab results`. */
export function countOf(kind: Kind | null, count: number): string {
  if (kind === null || kind === 'other' || kind === 'people') return t('record.items', { count });
  const name = count === 1 ? kindOne(kind) : kindName(kind);
  return t('record.ofKind', { count, kind: name.charAt(0).toLocaleLowerCase() + name.slice(1) });
}
