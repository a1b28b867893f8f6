import type { CutView, PreviewItem, PreviewView, StaysRow } from '../../../src/ipc';
import { MEDICATION } from './record-rows';
import { content, document, item, lab, search } from './record';
import { error, type Answer, type World } from './world';

const CUTS: CutView[] = [
  { of: 'itm_a1c', how: 'reference', element: 'encounter', rule: 'reference' },
  { of: MEDICATION.id, how: 'textScan', element: 'note.text', rule: 'text-scan' },
  { of: MEDICATION.id, how: 'narrative', element: 'text', rule: 'narrative' },
];

/** What is looked at as somebody else would see it, of what is being considered. */
export function preview(world: World, TYPES: PreviewView['types'], REASONS: PreviewView['reasons']): Record<string, Answer> {
  let back: string[] = [];
  const stays = (): StaysRow[] => [
    ...back.map((id): StaysRow => ({ row: item(id).row, why: 'excluded', topic: null })),
    { row: { ...MEDICATION, id: 'MedicationRequest/1' }, why: 'topic', topic: 'medications' },
    ...Array.from({ length: 60 }, (_, at): StaysRow => ({ row: { ...lab('itm_a1c').row, id: `Observation/${at}`, date: `20${10 + (at % 9)}-04-02` }, why: 'notPermitted', topic: null })),
  ];
  const look = (id: string): PreviewItem => {
    if (id === 'itm_gone') throw error('wallet.notFound', 'us');
    const cut = CUTS.filter((one) => one.of === id);
    const none = { codes: [], history: [], oneUnit: true, attachments: [] };
    if (id === 'itm_summary') return { ...none, ...document(id).item, attachments: document(id).attachments, cut };
    if (id !== 'itm_a1c') return { ...none, ...item(id), cut };
    const { row, history, oneUnit, facts, codes } = lab(id);
    return { row, history, oneUnit, facts, codes, links: [], attachments: [], cut, json: '{ "resourceType": "Observation" }' };
  };
  return {
    preview: ({ grant }): PreviewView => {
      if (world.name === 'twice') throw error('wallet.notFound', 'us');
      back = (JSON.parse(grant) as { back?: string[] }).back ?? [];
      return {
        id: 'grt_1',
        name: world.name === 'deidentified' ? 'Northmere Heart Study' : 'Bedside Viewer',
        shown: world.name === 'empty' ? 0 : world.name === 'huge' ? 104_233 : 2564 - back.length,
        cut: CUTS.length - 1,
        stays: 1858 + back.length,
        types: TYPES,
        reasons: REASONS,
        deidentified: world.name === 'deidentified',
      };
    },
    preview_records: ({ query }) => {
      const page = search(query.records, world);
      const rows = page.rows.filter((row) => !back.includes(row.id) && (!query.onlyCut || CUTS.some((cut) => cut.of === row.id)));
      const sources = world.name === 'deidentified' ? [] : page.sources;
      return { page: { ...page, rows, sources, total: query.onlyCut ? rows.length : page.total }, cut: CUTS };
    },
    preview_item: ({ of }) => look(of),
    preview_content: ({ of, index }) => content(of, index),
    preview_stays: ({ resourceType, offset, limit }) => {
      const all = stays().filter(({ row }) => !resourceType || row.resourceType === resourceType);
      return { total: all.length, rows: all.slice(offset, offset + limit) };
    },
  };
}
