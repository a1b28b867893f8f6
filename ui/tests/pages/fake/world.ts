import type { ErrorView, Status } from '../../../src/ipc';
import { activity } from './activity';
import { cards } from './cards';
import { connect } from './connect';
import { home } from './home';
import { mandates } from './mandates';
import { record } from './record';
import { settings } from './settings';
import { sharing } from './sharing';

/** Answers one command. What it throws reaches the window as the error of the command. */
// The window's own types check what is sent: see ipc/client.ts.
export type Answer = (args: Record<string, any>) => unknown;

/** The make-believe wallet that every command sees. */
export interface World {
  /** Which world: `usual`, `empty`, `fresh`, `locked`, … and whatever a case asks for. */
  name: string;
  status: Status;
}

/** An error as the wallet would send it. */
export function error(code: string, whose: ErrorView['whose'] = 'them', details: Record<string, string> = {}, evidence = 'what was seen'): ErrorView {
  return { code, whose, details, evidence };
}

/** A promise that never answers. */
export const never = () => new Promise<never>(() => undefined);

const PEOPLE: Status['people'] = [
  { id: 'per_1', name: 'Ines Calder', relation: 'me', birthDate: '1955-02-08', lent: [] },
  { id: 'per_2', name: 'Edwin Calder', relation: 'partner', birthDate: null, lent: [] },
];

const LENT = { mandate: 'mnd_1', connection: 'con_9', from: 'Mum', until: '2027-06-30T21:59:59Z', ended: null };

/** Who is in the wallet: somebody whose record is lent, nobody but the owner, or the usual two. */
function peopleOf(name: string): Status['people'] {
  if (name === 'alone') return PEOPLE.slice(0, 1);
  if (!name.startsWith('lent')) return PEOPLE;
  const lent = [name === 'lent-ended' ? { ...LENT, ended: '2026-11-18T10:00:00Z' } : LENT];
  return [...PEOPLE, { id: 'per_3', name: 'Margaret Calder', relation: 'parent', birthDate: null, lent }];
}

/** The wallet behind the page: `invoke` as the shell offers it. */
export function world(name: string, params: URLSearchParams): (command: string, args?: Record<string, unknown>) => Promise<unknown> {
  const state: World = {
    name,
    status: {
      state: name === 'fresh' || name === 'fresh-nostore' ? 'absent' : name.startsWith('locked') ? 'locked' : name.startsWith('keychain-') ? 'keychainProblem' : 'open',
      protection: name === 'locked-keychain' ? 'keychain' : 'passphrase',
      fault: null,
      locked: name.startsWith('locked') ? { at: new Date(2026, 10, 20, 17, 48).toISOString(), reason: name === 'locked-asked' ? 'asked' : 'idle' } : null,
      people: peopleOf(name),
      current: name === 'other-person' ? 'per_2' : name.startsWith('lent') ? 'per_3' : 'per_1',
      version: '0.1.0',
      look: {
        language: params.get('language') ?? 'en',
        theme: params.get('theme') ?? 'light',
        singleKeyShortcuts: true,
        autoLockMinutes: 10,
        keepRunning: true,
        zoom: 100,
      },
    },
  };
  const answers: Record<string, Answer> = { ...settings(state), ...home(state), ...connect(state), ...activity(state), ...record(state), ...cards(state), ...sharing(state), ...mandates(state) };
  const asked: Record<string, number> = {};
  Object.assign(window, { asked });
  return async (command, args = {}) => {
    asked[command] = (asked[command] ?? 0) + 1;
    const answer = answers[command];
    if (!answer) throw error('shell.unknownCommand', 'us', {}, command);
    if (name === 'loading' && command !== 'status') return never();
    if (name === 'failing' && !['status', 'connections'].includes(command)) throw error('vault.damaged', 'computer', {}, 'database disk image is malformed');
    return structuredClone(await answer(args));
  };
}
