import type { ActivityEntry, ActivityPage } from '../../../src/ipc';
import type { Answer, World } from './world';

const entry = (seq: number, at: string, action: string, about: string | null, counts: Record<string, number> = {}, outcome: ActivityEntry['outcome'] = 'done'): ActivityEntry => ({ seq, at, action, person: 'per_1', about, counts, outcome });

const today = (hour: number, minute: number) => {
  const at = new Date();
  at.setHours(hour, minute, 0, 0);
  return at.toISOString();
};

const ENTRIES: ActivityEntry[] = [
  entry(1204, today(0, 6), 'pulled', 'Harbourline Health', { new: 1859, changed: 3, unchanged: 97, failed: 3 }),
  entry(1203, today(0, 2), 'connected', 'Harbourline Health'),
  entry(1202, today(0, 1), 'unlocked', null),
  entry(1201, '2026-11-18T17:48:00Z', 'locked', null),
  entry(1200, '2026-11-18T16:48:00Z', 'launchFailed', 'Lakemoor Laboratory', {}, 'failed'),
  entry(1199, '2026-11-18T11:30:00Z', 'cardShown', 'COVID-19 and influenza vaccines'),
  entry(1198, '2026-11-14T11:30:00Z', 'keyMade', 'Main'),
  entry(1197, '2026-11-14T11:29:00Z', 'settingChanged', null),
  entry(1196, '2026-11-14T11:28:00Z', 'vaultMade', null),
];

/** The trail. */
export function activity(world: World): Record<string, Answer> {
  const brokenAt = world.name === 'broken' ? 1187 : null;
  return {
    activity: ({ offset, limit }): ActivityPage => {
      const all = world.name === 'empty' ? [] : world.name === 'huge' ? Array.from({ length: 1200 }, (_, at) => ({ ...(ENTRIES[at % ENTRIES.length] as ActivityEntry), seq: 1204 - at, at: new Date(Date.now() - at * 3_600_000).toISOString() })) : ENTRIES;
      return { total: all.length, entries: all.slice(offset, Number(offset) + Number(limit)), trail: { entries: 1204, brokenAt } };
    },
    verify_trail: () => ({ entries: 1204, brokenAt }),
  };
}
