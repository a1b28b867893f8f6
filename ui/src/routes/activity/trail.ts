import type { ActivityEntry } from '../../ipc';

/** What the list can be narrowed to. */
export const WHATS = ['all', 'in', 'cards', 'door', 'own', 'failed'] as const;
export type What = (typeof WHATS)[number];

/** What was chosen: days as ISO dates, empty when open. */
export interface Filter {
  what: What;
  from: string;
  to: string;
}

const OF: Readonly<Record<Exclude<What, 'all' | 'failed'>, readonly string[]>> = {
  in: ['connected', 'signedInAgain', 'pulled', 'pullStopped', 'disconnected', 'launchFailed'],
  cards: ['cardAdded', 'cardShown', 'cardExported', 'cardRemoved', 'cardRestored', 'cardPrinted', 'documentSaved'],
  door: ['unlocked', 'locked'],
  own: ['vaultMade', 'personAdded', 'personRenamed', 'keyMade', 'keyRotated', 'keyRetired', 'settingChanged', 'directoryImported'],
};

/** Whether anything is narrowed. */
export function narrows(filter: Filter): boolean {
  return filter.what !== 'all' || filter.from !== '' || filter.to !== '';
}

/** Whether an entry passes. Days are those of this computer. */
export function passes(entry: ActivityEntry, { what, from, to }: Filter): boolean {
  const day = isoDay(new Date(entry.at));
  if ((from !== '' && day < from) || (to !== '' && day > to)) return false;
  if (what === 'all') return true;
  return what === 'failed' ? entry.outcome !== 'done' : OF[what].includes(entry.action);
}

/** Entries by day, in the order they come. */
export function byDay(entries: readonly ActivityEntry[]): { day: string; entries: ActivityEntry[] }[] {
  const days: { day: string; entries: ActivityEntry[] }[] = [];
  for (const entry of entries) {
    const day = isoDay(new Date(entry.at));
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

function isoDay(at: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}
