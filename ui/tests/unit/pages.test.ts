import { expect, test } from 'vitest';
import type { ActivityEntry, PullKind } from '../../src/ipc';
import { initials } from '../../src/parts/initials';
import { byDay, passes } from '../../src/routes/activity/trail';
import { progressOf, tens } from '../../src/routes/connections/progress';
import { items, lines, sum } from '../../src/routes/connections/report';
import { addressProblem, hostOf } from '../../src/routes/connections/say';
import { firstName, partOfDay } from '../../src/routes/home/greeting';
import { waitAfter } from '../../src/routes/unlock/wait';
import { passphraseProblems } from '../../src/routes/welcome/passphrase';

const kind = (more: Partial<PullKind>): PullKind => ({ name: 'Condition', kind: 'condition', outcome: 'done', expected: null, seen: 0, new: 0, changed: 0, unchanged: 0, failed: 0, error: null, ...more });
const pull = (kinds: PullKind[]) => ({ id: 'p', connection: 'c', name: 'n', stage: 'running' as const, items: 0, kinds, waitingSeconds: null, started: '', ended: null, error: null });
const entry = (more: Partial<ActivityEntry>): ActivityEntry => ({ seq: 1, at: '2026-11-20T12:00:00', action: 'pulled', person: null, about: null, counts: {}, outcome: 'done', ...more });

test('a new passphrase needs twelve characters, typed the same twice', () => {
  expect(passphraseProblems('', '')[0]?.field).toBe('passphrase');
  expect(passphraseProblems('eleven char', 'eleven char')[0]?.field).toBe('passphrase');
  expect(passphraseProblems('twelve chars', 'twelve chart')[0]?.field).toBe('again');
  expect(passphraseProblems('ñandú y ñame', 'ñandú y ñame')).toEqual([]);
});

test('the wait after wrong passphrases grows and has an end', () => {
  expect([1, 3, 4, 5, 6, 40].map(waitAfter)).toEqual([0, 0, 2, 4, 8, 300]);
});

test('an address must be secured, except on this very computer', () => {
  expect(addressProblem(' https://fhir.example/r4 ')).toBeUndefined();
  expect(addressProblem('http://127.0.0.1:8080/fhir')).toBeUndefined();
  expect(addressProblem('http://fhir.example')).toBeDefined();
  expect(addressProblem('http://localhost.evil.example')).toBeDefined();
  expect(addressProblem('')).toBeDefined();
  expect(hostOf('https://fhir.example/r4')).toBe('fhir.example');
});

test('how far a pull has come is said only when every kind said how many it has', () => {
  const known = progressOf(pull([kind({ seen: 5 }), kind({ outcome: 'running', seen: 10, expected: 45 })]));
  expect(known).toEqual({ items: 15, expected: 50 });
  expect(tens(known)).toBe(30);
  expect(progressOf(pull([kind({ outcome: 'waiting' })])).expected).toBeUndefined();
});

test('a kind fed by several searches tells the worst of them, with all their numbers', () => {
  const [line] = lines([kind({ new: 3 }), kind({ outcome: 'refused', failed: 1 })]);
  expect(line).toEqual({ kind: 'condition', new: 3, changed: 0, unchanged: 0, failed: 1, outcome: 'refused' });
  const documents = [kind({ name: 'DocumentReference', kind: 'document', seen: 4, new: 4 }), kind({ name: 'Binary', kind: 'document', seen: 3, new: 3, failed: 1 })];
  expect(lines(documents)).toMatchObject([{ new: 4, failed: 1 }]);
  expect(sum(documents.map(items)).new, 'files are parts of their documents').toBe(4);
  expect(progressOf(pull(documents)).items).toBe(4);
  expect(sum([]).new).toBe(0);
});

test('the trail narrows by day and by what happened', () => {
  const all = { what: 'all', from: '', to: '' } as const;
  expect(passes(entry({}), { ...all, from: '2026-11-20', to: '2026-11-20' })).toBe(true);
  expect(passes(entry({}), { ...all, to: '2026-11-19' })).toBe(false);
  expect(passes(entry({ outcome: 'failed' }), { ...all, what: 'failed' })).toBe(true);
  expect(passes(entry({ action: 'locked' }), { ...all, what: 'in' })).toBe(false);
  expect(byDay([entry({}), entry({ seq: 0 }), entry({ at: '2026-11-19T12:00:00' })]).map((day) => day.entries.length)).toEqual([2, 1]);
});

test('greetings know the hour, and initials the ends of a name', () => {
  expect([3, 4, 11, 12, 17, 18, 23].map(partOfDay)).toEqual(['evening', 'morning', 'morning', 'afternoon', 'afternoon', 'evening', 'evening']);
  expect(firstName('Ines Calder')).toBe('Ines');
  expect(initials('Harbour Children’s Hospital')).toBe('HH');
  expect(initials('Ñ')).toBe('Ñ');
});
