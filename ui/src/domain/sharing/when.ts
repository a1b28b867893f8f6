import { format, t } from '../../words';

/** An instant in a sentence: "today, 18:04", or the day with its time. */
export function when(instant: string): string {
  return format.dateTime(instant);
}

/** The last day that something holds: what is over at midnight does not hold on the day that begins then. */
export function lastDay(end: string): string {
  return format.day(new Date(Date.parse(end) - 1));
}

/** Until when a share holds, as a sentence of its own. */
export function until(end: string | null): string {
  return end === null ? t('sharing.until.never') : t('sharing.until', { date: lastDay(end) });
}
