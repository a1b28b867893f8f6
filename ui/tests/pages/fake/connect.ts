import type { ConnectionView, DirectoryEntry, DoctorView, ErrorView, Kind, LaunchView, PullKind, PullView } from '../../../src/ipc';
import { error, type Answer, type World } from './world';

export const CONNECTIONS: ConnectionView[] = [
  { id: 'con_1', name: 'Fenwick Valley Clinic', address: 'https://fhir.fenwick.example/r4', state: 'ready', since: '2025-03-12T09:00:00Z', lastPull: new Date().toISOString(), items: 611, issuesCards: true, mandate: null, refreshable: true, scopes: 'patient/*.rs offline_access openid fhirUser' },
  { id: 'con_2', name: 'Lakemoor Laboratory', address: 'https://fhir.lakemoor.example/r4', state: 'needsSignIn', since: '2025-04-02T09:00:00Z', lastPull: '2026-11-16T07:30:00Z', items: 1312, issuesCards: false, mandate: null, refreshable: false, scopes: 'patient/Observation.rs' },
  { id: 'con_3', name: 'Old Harbour Dental Group', address: 'https://fhir.oldharbour.example/r4', state: 'disconnected', since: '2024-01-02T09:00:00Z', lastPull: '2025-01-10T07:30:00Z', items: 41, issuesCards: false, mandate: null, refreshable: false, scopes: '' },
];

const LENT: ConnectionView = { id: 'con_9', name: 'Mum', address: 'http://127.0.0.1:8731/fhir', state: 'ready', since: '2026-11-01T09:00:00Z', lastPull: '2026-11-18T07:30:00Z', items: 412, issuesCards: false, mandate: 'mnd_1', refreshable: true, scopes: 'patient/*.rs' };

const INBOX: ConnectionView = { ...LENT, id: 'con_8', name: 'Nora Calder', address: 'https://37ded420056582760198494930e6cbb9.inbox.invalid', state: 'disconnected', mandate: null, refreshable: false, scopes: '', items: 2 };

const DIRECTORY: DirectoryEntry[] = [
  { name: 'Harbourline Health', portal: 'MyHarbour', place: 'Westmark', address: 'https://fhir.harbourline.example/r4' },
  { name: 'Harbour Children’s Hospital', portal: null, place: 'Westmark', address: 'https://fhir.hch.example/r4' },
  { name: 'Old Harbour Dental Group', portal: null, place: 'Lakemoor', address: 'https://fhir.oldharbour.example/r4' },
];

const kind = (name: string, kind: Kind, outcome: PullKind['outcome'], seen: number, expected: number | null, more: Partial<PullKind> = {}): PullKind => ({ name, kind, outcome, expected, seen, new: seen, changed: 0, unchanged: 0, failed: 0, error: null, ...more });

const RUNNING: PullKind[] = [
  kind('Observation laboratory', 'lab', 'running', 640, 1104),
  kind('Observation vital-signs', 'vital', 'done', 300, 300),
  kind('Condition', 'condition', 'done', 12, 12),
  kind('MedicationRequest', 'medication', 'done', 133, 133),
  kind('Immunization', 'immunization', 'done', 31, null),
  kind('AllergyIntolerance', 'allergy', 'done', 2, 2),
  kind('Encounter', 'visit', 'running', 86, null),
  kind('DocumentReference', 'document', 'waiting', 0, 106),
  kind('Procedure', 'procedure', 'waiting', 0, null),
];

const DONE: PullKind[] = [
  kind('Observation laboratory', 'lab', 'done', 1104, 1104),
  kind('Observation vital-signs', 'vital', 'done', 300, 300, { new: 200, changed: 3, unchanged: 97 }),
  kind('DocumentReference', 'document', 'done', 103, 106, { failed: 3 }),
  kind('CareTeam', 'carePlan', 'refused', 0, null, { error: error('pull.refused', 'them', {}, 'GET CareTeam: 403') }),
  kind('Claim', 'claim', 'unsupported', 0, null),
  kind('Procedure', 'procedure', 'failed', 12, 34, { error: error('fetch.timeout', 'unknown', { host: 'fhir.harbourline.example' }, 'no answer within 30 s') }),
];

const launch = (more: Partial<LaunchView>): LaunchView => ({
  id: 7, stage: 'waiting', name: 'Harbourline Health', address: 'https://fhir.harbourline.example/r4', signInHost: 'signin.harbourline.example', authorizeUrl: 'https://signin.harbourline.example/authorize?response_type=code',
  asks: ['lab', 'vital', 'medication', 'condition', 'allergy', 'immunization', 'visit', 'document'], asksOffline: true, secondsLeft: 540, connection: null, error: null, ...more,
});

const REFUSED: ErrorView = error('token.invalidClient', 'them', { name: 'Harbourline Health', host: 'signin.harbourline.example' }, 'POST /oauth2/token: 401 invalid_client');

const doctor = (bad: boolean): DoctorView => ({
  address: 'https://fhir.harbourline.example/r4',
  name: 'Harbourline Health',
  steps: [
    { step: 'reach', outcome: 'good', evidence: 'doctor.good: fhir.harbourline.example, 41 ms' },
    { step: 'tls', outcome: 'good', evidence: 'certificate valid until 2027-03-02' },
    { step: 'configuration', outcome: 'note', evidence: 'doctor.capabilitiesNotSaid: /.well-known/smart-configuration' },
    { step: 'registration', outcome: bad ? 'bad' : 'good', evidence: 'registration.refused: POST /register: 401' },
    { step: 'capability', outcome: bad ? 'skipped' : 'good', evidence: bad ? 'doctor.skipped' : 'doctor.good' },
  ],
  finding: bad ? REFUSED : null,
  message: bad ? 'Subject: SMART app "Satchel" receives invalid_client at the token endpoint\n\nBase URL      https://fhir.harbourline.example/r4\nStep          POST /oauth2/token, grant_type=authorization_code' : null,
});

/** Finding, connecting, bringing in, checking. */
export function connect(world: World): Record<string, Answer> {
  let polls = 0;
  const pull = (): PullView => {
    polls += 1;
    const done = world.name === 'arrived' || (world.name === 'usual' && polls > 6);
    const stopped = world.name === 'stopped';
    return {
      id: 'pul_1', connection: 'con_1', name: 'Harbourline Health', stage: done ? 'done' : stopped ? 'stopped' : world.name === 'slowed' ? 'slowed' : 'running',
      items: world.name === 'nothing-new' ? 611 : 1204, kinds: done ? DONE : world.name === 'unreleased' ? [kind('Condition', 'condition', 'refused', 0, null, { new: 0, unchanged: 0 })] : world.name === 'nothing-new' ? [kind('Condition', 'condition', 'done', 611, null, { new: 0, unchanged: 611 })] : RUNNING,
      waitingSeconds: world.name === 'slowed' ? 20 : null, started: new Date(2026, 10, 20, 18, 2).toISOString(), ended: done || stopped ? new Date(2026, 10, 20, 18, 6).toISOString() : null,
      error: stopped ? error('fetch.connect', 'computer', { host: 'fhir.harbourline.example' }) : null,
    };
  };
  return {
    connections: () => (world.name === 'empty' ? [] : world.name === 'lent' ? [...CONNECTIONS, LENT, INBOX] : CONNECTIONS),
    directory_search: ({ words }) => ({
      entries: world.name === 'empty' ? 0 : 1872,
      date: world.name === 'empty' ? null : '2026-11-04T10:00:00Z',
      hits: world.name === 'empty' ? [] : DIRECTORY.filter((one) => one.name.toLowerCase().includes(String(words).toLowerCase())),
    }),
    directory_import: () => ({ entries: 1872, date: new Date().toISOString(), hits: [] }),
    launch_start: ({ address, name }) => {
      if (String(address).includes('broken')) throw error('fetch.dns', 'unknown', { host: 'broken.example' });
      return launch({ stage: 'discovering', address, name: name ?? 'fhir.harbourline.example' });
    },
    launch_state: () => {
      if (world.name === 'refused') return launch({ stage: 'failed', error: REFUSED });
      if (world.name === 'connected') return launch({ stage: 'connected', connection: 'con_1' });
      if (world.name === 'late') return launch({ stage: 'failed', secondsLeft: 0, error: error('launch.timeout', 'unknown', { name: 'Harbourline Health' }) });
      if (world.name === 'discovering') return launch({ stage: 'discovering', signInHost: null, authorizeUrl: null });
      return launch({});
    },
    launch_cancel: () => launch({ stage: 'cancelled' }),
    launch_open_again: () => launch({}),
    pull_start: () => pull(),
    pull_state: () => pull(),
    pull_stop: () => ({ ...pull(), stage: 'stopped' }),
    last_pull: () => (world.name === 'empty' ? null : ['nothing-new', 'stopped', 'unreleased'].includes(world.name) ? { ...pull(), stage: world.name === 'stopped' ? 'stopped' : 'done', ended: new Date().toISOString() } : { ...pull(), stage: 'done', items: 1519, kinds: DONE, ended: new Date(2026, 10, 20, 18, 6).toISOString() }),
    sign_in_again: () => launch({ stage: 'discovering' }),
    disconnect: () => ({ revoked: world.name === 'unrevoked' ? 'notConfirmed' : 'confirmed', items: 611 }),
    rename_connection: ({ id, name }) => {
      Object.assign(CONNECTIONS.find((one) => one.id === id) ?? {}, { name });
      return CONNECTIONS;
    },
    doctor: () => doctor(world.name !== 'well'),
  };
}
