import type { CardsAdded, CardView, QrView, VerdictView } from '../../../src/ipc';
import { error, type Answer, type World } from './world';

const verdict = (word: VerdictView['word'], reason: string, more: Partial<VerdictView> = {}): VerdictView => ({ word, reason, detail: null, evidence: 'signatureGood, listChecked', keysDate: '2026-11-19T08:00:00Z', ...more });

const payload = (resources: readonly object[]) => JSON.stringify({ vc: { credentialSubject: { fhirBundle: { entry: resources.map((resource) => ({ resource })) } } } }, null, 2);

const card = (id: string | null, kind: CardView['kind'], issuer: string, more: Partial<CardView>): CardView => ({
  id,
  kind,
  name: 'Ines Calder',
  birthDate: '1955-02-08',
  lines: [],
  issuer,
  issuerAddress: `https://${issuer.toLowerCase().replace(/\W+/g, '')}.example/shc`,
  issued: '2026-10-06T10:00:00Z',
  expires: null,
  verdict: verdict('verified', 'signedByIssuer'),
  added: '2026-10-07T18:04:00Z',
  removed: null,
  payload: payload([{ resourceType: 'Patient', name: [{ family: 'Calder' }], birthDate: '1955-02-08' }]),
  ...more,
});

const CARDS: readonly CardView[] = [
  card('crd_1', 'immunization', 'Harbourline Health', {
    lines: [
      { what: 'COVID-19 vaccine', value: 'lot ZX-4471', date: '2026-10-06', by: 'Harbourline Health' },
      { what: 'Influenza vaccine', value: null, date: '2026-10-06', by: null },
    ],
  }),
  card('crd_2', 'laboratory', 'Lakemoor Laboratory', { lines: [{ what: 'Tuberculosis blood test', value: 'negative', date: '2026-09-03', by: null }], issued: '2026-09-03T10:00:00Z' }),
  card('crd_3', 'other', 'Westmark Mutual', { expires: '2026-12-31T00:00:00Z', lines: [{ what: 'Member card', value: null, date: null, by: null }], verdict: verdict('cannotTell', 'keysUnavailable', { keysDate: null, evidence: 'noKeys' }) }),
  card('crd_4', 'laboratory', 'Old travel clinic', {
    lines: [{ what: 'COVID-19 test', value: 'negative', date: '2022-01-14', by: null }],
    issued: '2022-01-14T10:00:00Z',
    expires: '2022-01-28T00:00:00Z',
    verdict: verdict('notVerified', 'expired', { detail: '2022-01-28T00:00:00Z', evidence: 'pastExp, signatureGood, certificateExpired' }),
  }),
  card('crd_5', 'immunization', 'Harbourline Health', { issued: '2025-10-01T10:00:00Z', lines: [{ what: 'Influenza vaccine', value: null, date: '2025-10-01', by: null }] }),
  card('crd_6', 'immunization', 'vaccines.saltmarsh.example', {
    lines: [{ what: 'Hepatitis B vaccine', value: null, date: '2024-03', by: null }],
    issued: '2024-03-09T10:00:00Z',
    verdict: verdict('verified', 'signedByAddress', { detail: 'vaccines.saltmarsh.example' }),
    payload: payload([{ resourceType: 'Patient', gender: 'female', address: [{ city: 'Lakemoor' }] }]),
  }),
];

const CHECKED: Readonly<Record<string, CardView>> = {
  good: card(null, 'laboratory', 'Lakemoor Laboratory', { added: null, name: 'Omar Delacroix', birthDate: '1998-07-17', lines: [{ what: 'Tuberculosis blood test', value: 'negative', date: '2026-09-03', by: null }] }),
  changed: card(null, 'laboratory', 'Old travel clinic', { added: null, lines: [{ what: 'COVID-19 test', value: 'negative', date: '2026-11-18', by: null }], verdict: verdict('notVerified', 'changed', { evidence: 'signatureBad' }) }),
  keys: card(null, 'immunization', 'Saltmarsh Pharmacy', { added: null, name: 'Lucía Ferrand', birthDate: null, lines: [{ what: 'Influenza vaccine', value: null, date: '2026-10-06', by: null }], verdict: verdict('cannotTell', 'keysUnavailable', { keysDate: null, evidence: 'noKeys' }) }),
};

/** Something that looks like a QR code of this version; nobody scans it here. */
function qr(version: number, part: number, parts: number): QrView {
  const side = 17 + 4 * version;
  let seed = version * 31 + part;
  const noise = () => (seed = (seed * 1103515245 + 12345) % 2147483648) > 1073741824;
  const finder = (x: number, y: number) => {
    const far = Math.max(Math.abs(x - 3), Math.abs(y - 3));
    return far > 4 ? null : far !== 4 && far !== 2;
  };
  const dark = (x: number, y: number) => finder(x, y) ?? finder(side - 1 - x, y) ?? finder(x, side - 1 - y) ?? noise();
  const rows = Array.from({ length: side }, (_, y) => Array.from({ length: side }, (_, x) => (dark(x, y) ? '1' : '0')).join(''));
  return { part, parts, version, level: 'L', rows, text: 'shc:/' };
}

/** Holding, showing, checking. */
export function cards(world: World): Record<string, Answer> {
  let held = world.name === 'empty' ? [] : [...CARDS];
  let gone: CardView[] = world.name === 'empty' ? [] : [{ ...card('crd_9', 'immunization', 'Harbourline Health', { lines: [{ what: 'Tetanus vaccine', value: null, date: '2020-02-03', by: null }] }), removed: new Date(Date.now() - 3 * 86_400_000).toISOString() }];
  const nothing: CardsAdded = { added: [], already: [], unreadable: [], missingParts: [] };
  const find = (id: string): CardView => {
    const found = [...held, ...gone].find((one) => one.id === id);
    if (!found) throw error('wallet.notFound', 'us');
    return found;
  };
  return {
    cards: ({ removed }) => (removed ? gone : held),
    card: ({ id }) => find(id),
    card_add_text: ({ text }): CardsAdded => {
      if (String(text).includes('shc:/1/3/')) return { ...nothing, missingParts: String(text).includes('shc:/2/3/') ? [3] : [2, 3] };
      if (String(text).includes('bad')) return { ...nothing, unreadable: [error('card.other', 'them', {}, 'notWhole')] };
      return { ...nothing, added: [CARDS[0] as CardView], already: [CARDS[1] as CardView] };
    },
    card_add_bytes: (): CardsAdded => ({ ...nothing, added: [CARDS[1] as CardView] }),
    cards_fetch: (): CardsAdded => nothing,
    card_qr: ({ id, chunked }) => {
      if (!chunked && id === 'crd_2') throw error('card.tooLong', 'us');
      return chunked ? [qr(14, 1, 3), qr(14, 2, 3), qr(14, 3, 3)] : [qr(22, 1, 1)];
    },
    card_export: () => true,
    card_remove: ({ id }) => {
      gone = [...gone, { ...find(id), removed: new Date().toISOString() }];
      held = held.filter((one) => one.id !== id);
      return null;
    },
    card_restore: ({ id }) => {
      held = [...held, { ...find(id), removed: null }];
      gone = gone.filter((one) => one.id !== id);
      return null;
    },
    card_recheck: ({ id }) => find(id),
    check_card_text: ({ text }) => {
      if (String(text).includes('unreadable')) throw error('card.other', 'them', {}, 'not a card');
      const found = Object.entries(CHECKED).flatMap(([name, one]) => (String(text).includes(name) ? [one] : []));
      return found;
    },
    check_card_bytes: () => [CHECKED['good']],
  };
}
