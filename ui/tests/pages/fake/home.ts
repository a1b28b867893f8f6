import type { HomeView, Row, Value } from '../../../src/ipc';
import { CONNECTIONS } from './connect';
import type { Answer, World } from './world';

const value = (number: string, unit: string, low: string, high: string, against: Value['against']): Value => ({ number, comparator: null, unit, unitCode: unit, text: null, range: { low, high, text: null }, against, parts: [] });
const row = (id: string, kind: Row['kind'], title: string | null, more: Partial<Row> = {}): Row => ({ id, kind, resourceType: 'Observation', title, value: null, date: '2026-11-10', status: 'final', source: 'Harbourline Health', attachment: null, ...more });

const NEWS: Row[] = [
  row('itm_1', 'lab', 'Hemoglobin A1c', { value: value('6.2', '%', '4.0', '5.6', 'above') }),
  row('itm_2', 'lab', 'Potassium', { value: value('4.4', 'mmol/L', '3.5', '5.1', 'within') }),
  row('itm_3', 'document', 'After-visit summary, cardiology', { resourceType: 'DocumentReference', source: 'Fenwick Valley Clinic', date: '2026-11-02', attachment: { index: 0, title: null, contentType: 'application/pdf', size: 182_331, here: true } }),
  row('itm_4', 'condition', null, { resourceType: 'Condition', date: null }),
];

/** The home page. */
export function home(world: World): Record<string, Answer> {
  return {
    home: (): HomeView => {
      const person = world.status.people.find((one) => one.id === world.status.current);
      if (!person) throw new Error('nobody');
      const empty = world.name === 'empty';
      const quiet = world.name === 'quiet';
      return {
        person,
        news: empty || quiet ? [] : NEWS,
        lastPull: empty ? null : '2026-11-20T18:06:00Z',
        medicationsActive: empty ? 0 : 6,
        medicationsChanged: empty ? null : '2026-11-02',
        allergies: empty ? [] : ['Penicillin', 'Latex', 'Grass pollen', 'Peanut'],
        conditionsActive: empty ? 0 : 5,
        conditions: empty ? 0 : 14,
        everything: empty ? 0 : world.name === 'huge' ? 104_233 : 2564,
        sources: empty ? 0 : 3,
        cards: empty ? 0 : 4,
        needSignIn: empty || quiet ? [] : CONNECTIONS.filter((one) => one.state === 'needsSignIn'),
        trail: { entries: 1204, brokenAt: world.name === 'broken' ? 1187 : null },
      };
    },
  };
}
