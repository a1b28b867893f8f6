import { tag, type Tag } from './language.svelte';

const months: Partial<Record<Tag, string[]>> = {};

// Made when a date is first shown: the platform's formats are slow to make.
function monthNames(language: Tag): string[] {
  return (months[language] ??= makeMonthNames(language));
}

function makeMonthNames(language: Tag): string[] {
  const format = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' });
  return Array.from({ length: 12 }, (_, month) => format.format(new Date(Date.UTC(2027, month, 1))).replace('.', '').replace('Sept', 'Sep').replace('sept', 'sep'));
}

const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const NBSP = '\u00a0';

/**
 * A date as stated: `2019`, `2019-05`, `2019-05-03` or an instant, which is shown in the time zone of this computer.
 * Partial dates stay partial. What cannot be read is shown as it came.
 */
export function date(stated: string): string {
  const partial = PARTIAL.exec(stated);
  if (partial) return parts(partial[1] ?? '', partial[2], partial[3]) ?? stated;
  const instant = new Date(stated);
  if (Number.isNaN(instant.getTime())) return stated;
  return day(instant);
}

/** The day of an instant here: 3 May 2027. */
export function day(instant: Date): string {
  return parts(String(instant.getFullYear()), String(instant.getMonth() + 1), String(instant.getDate())) ?? '';
}

function parts(year: string, month?: string, dayOfMonth?: string): string | undefined {
  if (month === undefined) return year;
  const name = monthNames(tag())[Number(month) - 1];
  if (name === undefined) return undefined;
  if (dayOfMonth === undefined) return `${name}${NBSP}${year}`;
  return `${Number(dayOfMonth)}${NBSP}${name}${NBSP}${year}`;
}

/** The weekday before the day: Wednesday, 18 Nov 2026. */
export function longDay(instant: Date): string {
  const weekday = new Intl.DateTimeFormat(tag(), { weekday: 'long' }).format(instant);
  return `${weekday.charAt(0).toLocaleUpperCase(tag())}${weekday.slice(1)}, ${day(instant)}`;
}

/** The time of an instant here: 18:04. */
export function time(instant: string | Date): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime())
    ? String(instant)
    : `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
}

/** A date with its time: 3 May 2027, 18:04. */
export function dateTime(instant: string): string {
  return PARTIAL.test(instant) ? date(instant) : `${date(instant)}, ${time(instant)}`;
}

/** A number as the language writes it: 2,564 and 2.564. */
export function number(value: number): string {
  return new Intl.NumberFormat(tag(), { useGrouping: 'always' }).format(value);
}

/** Names in a row: a, b and c. */
export function list(items: readonly string[]): string {
  return new Intl.ListFormat(tag(), { type: 'conjunction' }).format(items);
}

/** A size in bytes as a person reads it. */
export function size(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let step = 0;
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(tag(), { style: 'unit', unit: units[step] ?? 'byte', unitDisplay: 'short', maximumFractionDigits: value < 10 && step > 0 ? 1 : 0 }).format(value);
}

/** Whether two instants fall on one day here. */
export function sameDay(one: Date, other: Date): boolean {
  return one.getFullYear() === other.getFullYear() && one.getMonth() === other.getMonth() && one.getDate() === other.getDate();
}
