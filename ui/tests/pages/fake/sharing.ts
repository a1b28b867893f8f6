import type { ClientView, Considered, ContactView, Narrowing, RequestView, Sentence, ShareDetail, ShareView, SharingView } from '../../../src/ipc';
import { preview } from './preview';
import { error, type Answer, type World } from './world';

const said = (key: string, en: string, es: string): Sentence => ({ key, en, es });

const at = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();

const VIEWER: ClientView = { id: 'cli_1', name: 'Bedside Viewer', kind: 'app', provesItself: false, registered: at(2), blocked: false };

const NORA: ContactView = { id: 'cnt_1', name: 'Nora Calder', proofs: [said('who.did', 'For “Nora Calder”, who signs with “did:key:z6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V”.', 'Para «Nora Calder», que firma con «did:key:z6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V».')], since: '2025-03-12T10:00:00Z', blocked: false, compared: true };

const ASKED: Sentence[] = [
  said('who.client', 'For “Bedside Viewer”, an app registered as “cli_1”.', 'Para «Bedside Viewer», una aplicación registrada como «cli_1».'),
  said('permit.types', 'Permitted: conditions, prescriptions and results and observations.', 'Permitido: problemas de salud, recetas y resultados y observaciones.'),
  said('may.read', 'They may search and read.', 'Pueden buscar y leer.'),
  said('term.endless', 'It has no end until you end it.', 'No termina hasta que usted lo termine.'),
];

const GRANT = JSON.stringify({ version: 1, id: 'grt_1', who: { name: 'Bedside Viewer', client: 'cli_1' }, permits: [{ context: 'patient', actions: 'rs', types: ['Observation', 'Condition', 'MedicationRequest'] }] }, null, 2);

function request(standing: RequestView['standing'] = 'asked', door: RequestView['door'] = 'launch'): RequestView {
  return {
    id: 'req_1',
    door,
    client: door === 'federation' ? { ...VIEWER, name: 'St Brigid’s', kind: 'resourceServer', provesItself: true } : VIEWER,
    claims: door === 'uma' ? [{ sentence: said('who.idToken', 'For “Dr Priya Ashdown”, who signs in at “https://signin.fenwick.example” as “ashdown”.', 'Para «Dr Priya Ashdown», que inicia sesión en «https://signin.fenwick.example» como «ashdown».'), name: 'Priya Ashdown', proven: at(1) }] : [],
    contact: door === 'uma' ? { ...NORA, id: 'cnt_2', name: 'Dr Priya Ashdown' } : null,
    asked: door === 'federation' ? [] : ASKED,
    grant: door === 'federation' ? null : GRANT,
    elsewhere: [],
    compare: 'KXQ-417',
    made: at(1),
    until: at(-24),
    standing,
    share: standing === 'approved' ? 'grt_1' : null,
    askedBack: null,
  };
}

const SHARE: ShareView = {
  id: 'grt_1',
  name: 'Nora Calder, my daughter',
  mandateFor: 'cnt_1',
  person: 'per_1',
  summary: [
    said('who.did', 'For “Nora Calder”, who signs with “did:key:z6Mk…h3P”.', 'Para «Nora Calder», que firma con «did:key:z6Mk…h3P».'),
    said('permit.everything', 'Permitted: your whole record.', 'Permitido: todo su historial.'),
    said('may.read', 'They may search and read.', 'Pueden buscar y leer.'),
    said('except.everything', 'Left out: everything about Medications or Psychotherapy notes.', 'Queda fuera: todo sobre Medicamentos o Notas de psicoterapia.'),
    said('purposes', 'For: request of your family.', 'Para: petición de su familia.'),
    said('term.end', 'Until 30 Jun 2027, 23:59:59.', 'Hasta el 30 jun 2027, 23:59:59.'),
  ],
  elsewhere: [],
  approved: '2026-07-01T17:40:00Z',
  until: '2027-06-30T21:59:59Z',
  uses: 22,
  usesAtMost: null,
  lastUsed: at(3),
  ended: null,
  whyEnded: null,
  erase: null,
  compared: true,
};

const ENDED: ShareView = { ...SHARE, id: 'grt_2', name: 'Northmere Heart Study', mandateFor: null, compared: false, ended: '2026-11-01T10:00:00Z', whyEnded: 'time', usesAtMost: 5, uses: 5 };

const TYPES = [
  { resourceType: 'Observation', kept: 280, changed: 4, leftOut: 1514 },
  { resourceType: 'Condition', kept: 13, changed: 0, leftOut: 2 },
  { resourceType: 'MedicationRequest', kept: 0, changed: 0, leftOut: 214 },
  { resourceType: 'DocumentReference', kept: 0, changed: 0, leftOut: 128 },
];

const REASONS = [
  { resourceType: 'Observation', why: 'notPermitted', topic: null, count: 1514 },
  { resourceType: 'MedicationRequest', why: 'topic', topic: 'medications', count: 214 },
];

function considered(narrowing: Pick<Narrowing, 'topics' | 'resources' | 'sources'>, wider = false): Considered {
  const { topics, resources, sources } = narrowing;
  const source = (id: string, name: string, count: number) => (sources.includes(id) ? { id, name, out: 0, stays: count } : { id, name, out: count, stays: 40 });
  return {
    // Carries what is kept back, so that what is looked at is what was considered.
    grant: resources.length > 0 ? JSON.stringify({ ...(JSON.parse(GRANT) as object), back: resources }) : GRANT,
    summary: ASKED,
    types: TYPES,
    reasons: REASONS,
    sources: [source('con_1', 'Harbourline Health', 212), source('con_2', 'Fenwick Valley Clinic', 85)],
    review: topics.length > 0 ? [{ of: { resource: 'DocumentReference/9', item: 'itm_9', title: 'Visit note, 12 May 2026' }, place: '/description', found: ['psychologist'], rule: 'mh-text-3', default: 'leaveOut' }] : [],
    wider,
  };
}

/** The owner's side of sharing. */
export function sharing(world: World): Record<string, Answer> {
  const none = world.name === 'empty';
  let on = !none;
  const mine = world.status.current === 'per_1';
  const soon = new Date(Date.now() + 3 * 86_400_000).toISOString();
  let shares = none || !mine ? [] : [world.name === 'ending' ? { ...SHARE, until: soon } : SHARE];
  let contacts = none ? [] : [NORA];
  const heard = world.name.startsWith('erase-') ? world.name.slice('erase-'.length) : undefined;
  const answer = heard === 'erased' || heard === 'refused' ? heard : null;
  const ended: ShareView = heard === undefined ? ENDED : { ...ENDED, mandateFor: 'cnt_1', compared: true, erase: heard === 'none' ? null : { asked: at(30), answer, answered: answer && at(2) } };
  const view = (): SharingView => ({
    service: { on, fhir: on ? 'http://127.0.0.1:8731/fhir' : null, beyondThisComputer: false },
    waiting: none ? [] : [request(), { ...request('asked', 'uma'), id: 'req_2', askedBack: { message: 'Which results do you need?', at: at(1) } }],
    now: shares,
    ended: none || !mine ? [] : [ended],
    contacts,
  });
  const detail = (share: ShareView): ShareDetail => ({
    share,
    types: share.ended === null ? TYPES : [],
    reasons: share.ended === null ? REASONS : [],
    since: share.ended !== null || world.name === 'deidentified' ? null : world.name === 'unused' ? { came: 0, changed: 0 } : { came: 12, changed: 1 },
    weeks: Array.from({ length: 12 }, (_, week) => ({ monday: new Date(Date.UTC(2026, 7, 31) + week * 604_800_000).toISOString().slice(0, 10), count: world.name === 'unused' ? 0 : (week * 7) % 5 })),
    uses: world.name === 'unused' ? [] : [
      { seq: 1189, at: at(3), asked: 'GET Observation?category=laboratory', resourceType: 'Observation', released: 6, status: 200 },
      { seq: 1188, at: at(40), asked: 'GET MedicationRequest', resourceType: 'MedicationRequest', released: 0, status: 403 },
      { seq: 1187, at: at(41), asked: 'GET Patient/1/$everything', resourceType: null, released: 412, status: 200 },
    ],
    client: VIEWER,
    grant: GRANT,
  });
  const found = (id: unknown): ShareView => {
    const share = [...shares, ended, { ...SHARE, id: 'grt_3' }].find((one) => one.id === id);
    if (!share) throw error('id.unknown', 'you');
    return share;
  };
  return {
    sharing: view,
    news: () => ({ requests: view().waiting.map(({ id }) => id), answers: [], ending: world.name === 'ending' ? ['grt_1'] : [] }),
    service_set: (args) => {
      on = args['on'] === true;
      return view().service;
    },
    request: ({ id }) => {
      if (id === 'req_gone') throw error('id.unknown', 'you');
      if (id === 'req_uma') return request('asked', 'uma');
      if (id === 'req_hospital') return request('asked', 'federation');
      return request(world.name === 'decided' ? 'approved' : world.name === 'expired' ? 'expired' : world.name === 'refused' ? 'refused' : 'asked');
    },
    // Where counting takes long, what is narrowed is not counted yet.
    consider: ({ narrowing }) => (world.name === 'counting' && narrowing.topics.length > 0 ? new Promise(() => undefined) : considered(narrowing, world.name === 'wider')),
    approve: ({ person }) => {
      if (person !== world.status.current) throw error('id.unknown', 'us');
      if (world.name === 'twice') throw error('request.decided', 'you');
      return { ...SHARE, id: 'grt_3' };
    },
    refuse: () => request('refused'),
    ask_back: ({ message }) => {
      if (message.includes('late')) throw error('request.tooOld', 'you');
      return { ...request(), askedBack: { message, at: at(0) } };
    },
    client_block: () => null,
    share: ({ id }) => detail(found(id)),
    share_consider: ({ narrowing }) => considered(narrowing),
    share_narrow: () => ({ ...SHARE, id: 'grt_3' }),
    share_end: ({ id }) => detail({ ...found(id), ended: new Date().toISOString(), whyEnded: 'owner' }),
    share_ask_erase: ({ id }) => detail({ ...found(id), ended: new Date().toISOString(), whyEnded: 'owner', erase: { asked: at(0), answer: null, answered: null } }),
    share_end_all: () => {
      shares = [];
      return view();
    },
    seen: ({ id }) => ({ share: found(id), open: 587, uses: detail(SHARE).uses, released: [{ resource: 'Observation/1', item: 'itm_1', title: 'Potassium' }, { resource: 'Encounter/7', item: null, title: null }], matches: world.name !== 'broken' }),
    contact_add: ({ name }) => {
      contacts = [...contacts, { ...NORA, id: 'cnt_9', name }];
      return contacts;
    },
    mandate_consider: () => considered({ topics: [], resources: [], sources: [] }),
    ...preview(world, TYPES, REASONS),
    mandate_give: () => ({ ...SHARE, id: 'grt_3' }),
  };
}
