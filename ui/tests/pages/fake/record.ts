import type { AttachmentView, DocumentContent, DocumentView, Fact, ItemView, LabPoint, LabView, Origin, RecordPage, RecordQuery, Row } from '../../../src/ipc';
import { CONDITION, IMMUNIZATION, LABS, labRow, MEDICATION, OTHERS, PRESSURE, value } from './record-rows';
import { PDF, PICTURE, SUMMARY } from './files';
import { error, type Answer, type World } from './world';

const ORIGIN: Origin = {
  source: 'Harbourline Health',
  address: 'https://fhir.harbourline.example/r4',
  received: '2026-11-20T18:03:00Z',
  lastUpdated: '2026-11-10T12:40:00Z',
  reference: 'Observation/8f1d2',
  version: '3',
  connection: 'con_1',
  lapsed: null,
};

const A1C: readonly (readonly [string, string, string])[] = [
  ['2023-05-02', '7.4', 'Harbourline Health'],
  ['2023-11-14', '7.1', 'Harbourline Health'],
  ['2024-05-21', '6.9', 'Harbourline Health'],
  ['2024-08-20', '6.8', 'Lakemoor Laboratory'],
  ['2024-11-12', '7.0', 'Harbourline Health'],
  ['2025-05-20', '6.7', 'Harbourline Health'],
  ['2025-11-18', '6.5', 'Harbourline Health'],
  ['2026-05-12', '6.4', 'Harbourline Health'],
  ['2026-11-10T08:15:00-05:00', '6.2', 'Harbourline Health'],
];

function history(id: string): LabPoint[] {
  if (id === 'itm_vitamin') return [];
  if (id === 'itm_pressure') return PRESSURE.map((parts, at) => ({ id: at === 5 ? id : `${id}_${at}`, date: `202${at + 1}-0${at + 2}-11`, source: 'Fenwick Valley Clinic', value: parts }));
  if (id === 'itm_culture') return ['No growth', 'Staphylococcus epidermidis, fewer than 10,000 colonies', 'No growth'].map((text, at) => ({ id: at === 2 ? id : `${id}_${at}`, date: `202${at + 4}-08-17`, source: 'Harbourline Health', value: { ...value(null), text, against: 'inWords' as const } }));
  if (id === 'itm_glucose') return [['95', 'mg/dL', '2021-03-04'], ['5.4', 'mmol/L', '2026-03-04']].map(([number = '', unit = '', date = ''], at) => ({ id: at === 1 ? id : `${id}_${at}`, date, source: 'Lakemoor Laboratory', value: value(number, unit) }));
  const points = A1C.map(([date, number, source], at): LabPoint => ({
    id: at === A1C.length - 1 ? 'itm_a1c' : `itm_a1c_${at}`,
    date,
    source,
    value: source === 'Lakemoor Laboratory' ? value(number, '%') : value(number, '%', '4.0', '5.6', 'above'),
  }));
  if (id !== 'itm_many') return points;
  return Array.from({ length: 240 }, (_, at) => ({ id: at === 239 ? id : `${id}_${at}`, date: new Date(Date.UTC(2012, 0, 1 + at * 22)).toISOString().slice(0, 10), source: 'Harbourline Health', value: value((4.4 + Math.sin(at / 7) * 1.1).toFixed(1), 'mmol/L', '3.5', '5.1', Math.sin(at / 7) > 0.64 ? 'above' : 'within') }));
}

export function lab(id: string): LabView {
  const points = history(id);
  const rows = [...LABS, ...OTHERS];
  const known = rows.find((row) => row.id === id) ?? rows.find((row) => id.startsWith(row.id)) ?? labRow(id, 'Potassium', points.at(-1)?.value ?? null);
  const point = points.find((one) => one.id === id);
  const row = point ? { ...known, id, date: point.date, value: point.value, source: point.source } : known;
  const facts: Fact[] = [
    { label: 'status', text: 'final' },
    { label: 'specimen', text: 'Blood' },
    { label: 'method', text: 'High-performance liquid chromatography' },
    { label: 'orderer', text: 'Dr Priya Ashdown' },
    { label: 'note', text: 'Fasting not confirmed.' },
  ];
  return { row, history: points.length > 0 ? points : [{ id, date: row.date, value: row.value ?? value(null), source: row.source }], oneUnit: id !== 'itm_glucose', facts, origin: ORIGIN, codes: [{ system: 'http://loinc.org', code: '4548-4', display: 'Hemoglobin A1c/Hemoglobin.total in Blood' }] };
}

export function item(id: string): ItemView {
  const row = [...LABS, ...OTHERS].find((one) => one.id === id) ?? MEDICATION;
  const facts: Record<string, Fact[]> = {
    [MEDICATION.id]: [
      { label: 'status', text: 'active' },
      { label: 'intent', text: 'order' },
      { label: 'dose', text: 'Take one tablet by mouth every evening with food' },
      { label: 'route', text: 'Oral route' },
      { label: 'reason', text: 'Essential hypertension' },
      { label: 'ordered', text: '2026-11-02T14:52:00Z' },
      { label: 'quantity', text: '30 tablet' },
      { label: 'refills', text: '3' },
      { label: 'substitution', text: 'true' },
      { label: 'orderer', text: 'Dr Priya Ashdown' },
      { label: 'note', text: 'Reduced from 50 mg on 2 November.\nCall if dizzy when standing up.' },
    ],
    [CONDITION.id]: [
      { label: 'status', text: 'active' },
      { label: 'verification', text: 'confirmed' },
      { label: 'onset', text: '2019-05' },
      { label: 'recorded', text: '2019-06-03' },
    ],
    [IMMUNIZATION.id]: [{ label: 'given', text: '2026-10-06' }, { label: 'lot', text: 'ZX-4471' }, { label: 'manufacturer', text: 'Northgate Vaccines' }],
  };
  return {
    row,
    facts: facts[row.id] ?? [],
    links: row.id === MEDICATION.id ? [{ label: 'reason', id: CONDITION.id, title: 'Essential hypertension' }, { label: 'orderer', id: 'itm_doctor', title: null }] : [],
    origin: { ...ORIGIN, reference: `${row.resourceType}/77` },
    json: JSON.stringify({ resourceType: row.resourceType, id: '77', status: 'active' }, null, 2),
  };
}

const FILES: Record<string, AttachmentView[]> = {
  itm_summary: [
    { index: 0, title: 'Summary', contentType: 'application/pdf', size: 182_331, here: true },
    { index: 1, title: 'The same as text', contentType: 'text/plain', size: 4100, here: true },
  ],
  itm_picture: [{ index: 0, title: null, contentType: 'image/png', size: 2048, here: true }],
  itm_unknown: [{ index: 0, title: 'IM-0001', contentType: 'application/dicom', size: 527_000, here: true }],
  itm_missing: [{ index: 0, title: null, contentType: 'application/pdf', size: null, here: false }],
  itm_long: [{ index: 0, title: null, contentType: 'text/plain', size: 41_000, here: true }],
};

export function document(id: string): DocumentView {
  const row: Row = { ...item('itm_summary').row, id, kind: 'document', resourceType: 'DocumentReference', title: 'After-visit summary, cardiology', value: null, date: '2026-11-02', status: 'current', source: 'Fenwick Valley Clinic' };
  return { item: { ...item(id), row, facts: [{ label: 'author', text: 'Dr Priya Ashdown' }, { label: 'category', text: 'Clinical note' }], links: [] }, attachments: FILES[id] ?? [] };
}

export function content(id: string, index: number): DocumentContent {
  const text = (words: string): DocumentContent => ({ shownAs: 'text', contentType: 'text/plain', text: words, base64: null, size: words.length });
  if (id === 'itm_unknown') return { shownAs: 'saveOnly', contentType: 'application/dicom', text: null, base64: null, size: 527_000 };
  if (id === 'itm_picture') return { shownAs: 'image', contentType: 'image/png', text: null, base64: PICTURE, size: 2048 };
  if (id === 'itm_long') return text(Array.from({ length: 14 }, () => SUMMARY).join('\n\n'));
  return index === 1 ? text(SUMMARY) : { shownAs: 'pdf', contentType: 'application/pdf', text: null, base64: PDF, size: 182_331 };
}

export function search(query: RecordQuery, world: World): RecordPage {
  const everything = world.name === 'empty' ? 0 : world.name === 'huge' ? 104_233 : 2564;
  const words = (query.words ?? '').toLowerCase();
  const source = world.name === 'empty' ? [] : [{ id: 'con_1', name: 'Harbourline Health', count: 1912 }, { id: 'con_2', name: 'Fenwick Valley Clinic', count: 611 }, { id: 'con_3', name: 'Lakemoor Laboratory', count: 41 }];
  const mine = [...LABS, ...OTHERS].filter(
    (row) =>
      (!query.kind || row.kind === query.kind) &&
      (!words || row.title?.toLowerCase().includes(words)) &&
      (!query.source || source.find(({ id }) => id === query.source)?.name === row.source),
  );
  const whole = query.kind === 'lab' && !words && !query.source ? 31 : mine.length;
  const total = world.name === 'huge' && !words ? everything : whole;
  const rows = Array.from({ length: Math.max(0, Math.min(query.limit, total - (query.offset ?? 0))) }, (_, at): Row => {
    const place = (query.offset ?? 0) + at;
    const row = mine[place % mine.length] as Row;
    return place < mine.length ? row : { ...row, id: `${row.id}_${place}`, date: world.name === 'huge' ? `${2026 - (place % 60)}-03-04` : row.date };
  });
  return {
    lent: [],
    total: everything === 0 ? 0 : total,
    rows: everything === 0 ? [] : rows,
    kinds: everything === 0 ? [] : [['lab', 1312], ['vital', 486], ['medication', 214], ['condition', 14], ['allergy', 2], ['immunization', 31], ['procedure', 37], ['visit', 163], ['document', 128], ['carePlan', 19], ['claim', 140], ['people', 18]].map(([kind, count]) => ({ kind, count }) as RecordPage['kinds'][number]),
    sources: source,
    everything,
    didYouMean: words === 'ferittin' ? 'ferritin' : null,
  };
}

/** Rows, labs, items, documents. */
export function record(world: World): Record<string, Answer> {
  return {
    records: ({ query }) => search(query as RecordQuery, world),
    lab: ({ id }) => lab(id),
    item: ({ id }) => {
      if (id === 'itm_gone') throw error('wallet.notFound', 'us');
      const found = item(id);
      return world.name === 'lent' ? { ...found, origin: { ...found.origin, source: 'Mum', connection: 'con_9', lapsed: '2026-11-18T10:00:00Z' } } : found;
    },
    document: ({ id }) => document(id),
    document_content: ({ id, index }) => content(id, index),
    document_save: () => true,
  };
}
