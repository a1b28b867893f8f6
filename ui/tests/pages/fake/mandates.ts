import type { HeldMandateView, OfferView, PairView, QrView } from '../../../src/ipc';
import { error, type Answer, type World } from './world';

const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

// A drawing that is not read by anything: only its size is looked at.
const QR: QrView = { part: 1, parts: 1, version: 10, level: 'L', rows: Array.from({ length: 57 }, (_, y) => Array.from({ length: 57 }, (_, x) => ((x * y + x + y) % 3 ? '0' : '1')).join('')), text: 'eyJ' };

const PAIR: PairView = { id: 'par_1', name: 'Nora Calder', says: null, server: null, state: 'waiting', code: null, made: at(50), met: null, judged: null, contact: null };
const MET: PairView = { ...PAIR, id: 'par_2', says: 'Nora C. <nora>', server: 'http://127.0.0.1:8731', state: 'toCompare', code: 'KXQ-417', met: at(1) };
const REFUSED: PairView = { ...MET, id: 'par_3', state: 'refused', code: null, judged: at(1) };

export const HELD: HeldMandateView = {
  id: 'mnd_1',
  from: 'Mum',
  contact: 'cnt_1',
  person: 'per_3',
  server: 'http://127.0.0.1:8731',
  connection: 'con_9',
  state: 'held',
  scope: 'patient/*.rs',
  purposes: ['FAMRQT'],
  taken: at(200),
  until: '2027-06-30T21:59:59Z',
  ended: null,
  items: 412,
  lapsed: 7,
  eraseAsked: null,
  eraseAnswer: null,
  eraseAnswered: null,
  eraseTold: null,
  interval: 0,
};

const ENDED: HeldMandateView = { ...HELD, state: 'ended', ended: at(3), eraseAsked: at(3) };

const OFFER: OfferView = {
  id: 'ofr_1',
  resourceType: 'Observation',
  kind: 'vital',
  title: 'Body weight',
  facts: [{ label: 'status', text: 'final' }, { label: 'value', text: '71.2 kg' }],
  share: 'grt_1',
  from: 'Nora Calder, my daughter',
  received: at(4),
  json: '{\n  "resourceType": "Observation",\n  "status": "final"\n}',
};

const LONG = 'Annotation of a home visit with a very long title that nobody thought would ever be shown in a row of a list'.repeat(2);

/** Contact cards, mandates that are held, the inbox. */
export function mandates(world: World): Record<string, Answer> {
  const none = world.name === 'empty';
  let pairs = none ? [] : [PAIR, MET, REFUSED];
  let offers: OfferView[] = none
    ? []
    : world.name === 'huge'
      ? Array.from({ length: 400 }, (_, one) => ({ ...OFFER, id: `ofr_${one + 1}`, title: one % 2 ? LONG : `Body weight ${one}` }))
      : [OFFER, { ...OFFER, id: 'ofr_2', title: null, kind: 'other', resourceType: 'Basic', facts: [] }];
  const start: Record<string, HeldMandateView[]> = {
    empty: [],
    asking: [{ ...HELD, state: 'asking', connection: null, until: null, items: 0, lapsed: 0, purposes: [], scope: '', interval: 5 }],
    'not-given': [{ ...HELD, state: 'refused', connection: null, until: null, items: 0, lapsed: 0, ended: at(2) }],
    'erase-asked': [ENDED],
    erased: [{ ...ENDED, connection: null, items: 0, lapsed: 0, eraseAnswer: 'erased', eraseAnswered: at(1) }],
    kept: [{ ...ENDED, eraseAnswer: 'refused', eraseAnswered: at(1), eraseTold: at(1) }],
    huge: Array.from({ length: 200 }, (_, one) => ({ ...HELD, id: `mnd_${one + 1}`, from: one % 2 ? LONG : `Mum ${one}`, items: 100_000 })),
  };
  const whose = world.name.startsWith('lent') ? 'per_3' : 'per_2';
  let held = (start[world.name] ?? [HELD]).map((one) => ({ ...one, person: whose }));
  const change = (id: unknown, next: Partial<HeldMandateView>): HeldMandateView => {
    held = held.map((one) => (one.id === id ? { ...one, ...next } : one));
    const found = held.find((one) => one.id === id);
    if (!found) throw error('id.unknown', 'you');
    return found;
  };
  const pair = (id: unknown, next: Partial<PairView>): PairView => {
    pairs = pairs.map((one) => (one.id === id ? { ...one, ...next } : one));
    const found = pairs.find((one) => one.id === id);
    if (!found) throw error('id.unknown', 'you');
    return found;
  };
  const read = (bytes: number[]): string => {
    const text = new TextDecoder().decode(new Uint8Array(bytes));
    if (bytes[0] === 0x89) throw error('contactCard.noCode', 'you');
    if (!text.startsWith('eyJ')) throw error(world.name === 'stranger' ? 'mandate.stranger' : 'contactCard.notACard');
    return text;
  };
  return {
    pairs: () => pairs,
    contact_card_make: ({ name }) => {
      pairs = [...pairs, { ...PAIR, id: 'par_9', name }];
      return { pair: 'par_9', card: 'eyJ0eXAiOiJzYXRjaGVsLWNvbnRhY3Qrand0In0.e30.x', qr: QR };
    },
    contact_card: ({ pair }) => ({ pair, card: 'eyJ0eXAiOiJzYXRjaGVsLWNvbnRhY3Qrand0In0.e30.x'.padEnd(600, 'y'), qr: QR }),
    contact_card_save: () => true,
    contact_card_read: ({ bytes, name, pair: id }) => {
      read(bytes);
      if (id !== null) return pair(id, { ...MET, id, name: pairs.find((one) => one.id === id)?.name ?? '' });
      pairs = [...pairs, { ...MET, id: 'par_8', name: name ?? 'Nora C.' }];
      return pair('par_8', {});
    },
    contact_compare: ({ pair: id, same }) => pair(id, same ? { state: 'compared', code: null, contact: 'cnt_1' } : { state: 'refused', code: null }),
    mandate_text: ({ grant }) => ({ grant, text: 'eyJ0eXAiOiJ2Yytqd3QifQ.e30.x'.padEnd(1800, 'y'), qr: world.name === 'unused' ? null : QR }),
    mandate_save: () => false,
    mandates: () => held,
    mandates_check: () => {
      if (world.name === 'away') throw error('fetch.connect', 'computer');
      return held;
    },
    mandate_take: ({ bytes, person }) => {
      read(bytes);
      held = [...held, { ...HELD, id: 'mnd_9', person, items: 0, lapsed: 0 }];
      return held.at(-1);
    },
    mandate_fetch: () => {
      throw error('mandate.nothing');
    },
    mandate_ask: ({ person }) => {
      held = [...held, { ...HELD, id: 'mnd_9', person, state: 'asking', connection: null, items: 0, lapsed: 0, interval: 5 }];
      return held.at(-1);
    },
    mandate_look: ({ id }) => change(id, { state: 'held', connection: 'con_9' }),
    mandate_pull: () => {
      throw error('mandate.ended');
    },
    mandate_erase: ({ id }) => change(id, { connection: null, items: 0, lapsed: 0, eraseAnswer: 'erased', eraseAnswered: at(0), eraseTold: at(0) }),
    mandate_keep: ({ id }) => change(id, { eraseAnswer: 'refused', eraseAnswered: at(0) }),
    inbox: () => offers,
    offer_accept: ({ id }) => (offers = offers.filter((one) => one.id !== id)),
    offer_discard: ({ id }) => (offers = offers.filter((one) => one.id !== id)),
  };
}
