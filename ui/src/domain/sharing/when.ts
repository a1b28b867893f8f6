import { format, t } from '../../words';

/** An instant in a sentence: "today, 18:04", or the day with its time. */
export function when(instant: string): string {
  return format.dateTime(instant);
}

/** Until when a share holds, as a sentence of its own. */
export function until(instant: string | null): string {
  return instant === null ? t('sharing.until.never') : t('sharing.until', { date: format.date(instant) });
}
