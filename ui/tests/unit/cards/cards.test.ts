import { describe, expect, test } from 'vitest';
import type { CardView } from '../../../src/ipc';
import { dateOf, daysLeft, findings, newerOf, subjects } from '../../../src/domain/cards/cards';
import { partsIn } from '../../../src/domain/cards/intake';
import { otherDetails } from '../../../src/domain/cards/learn';

const line = (what: string, date: string | null = null, value: string | null = null) => ({ what, value, date, by: null });
const card = (id: string, issued: string, more: Partial<CardView> = {}): CardView => ({
  id, kind: 'immunization', name: 'Ines Calder', birthDate: '1955-02-08', lines: [line('Influenza vaccine')], issuer: 'Harbourline', issuerAddress: 'https://harbourline.example',
  issued, expires: null, verdict: { word: 'verified', reason: 'signedByIssuer', detail: null, evidence: '', keysDate: null }, added: null, removed: null, payload: '{}', ...more,
});

describe('a newer card', () => {
  const old = card('crd_1', '2025-10-01T00:00:00Z');
  test('of the same issuer, kind and person that says as much takes the place of the old one', () => {
    const newer = card('crd_2', '2026-10-01T00:00:00Z', { lines: [line('COVID-19 vaccine'), line('Influenza vaccine')] });
    expect(newerOf(old, [old, newer])?.id).toBe('crd_2');
    expect(newerOf(newer, [old, newer])).toBeUndefined();
  });
  test.each([
    ['says less', { lines: [line('COVID-19 vaccine')] }],
    ['is for someone else', { name: 'Edwin Calder' }],
    ['comes from someone else', { issuerAddress: 'https://other.example' }],
    ['is of another kind', { kind: 'laboratory' as const }],
  ])('does not, when it %s', (_why, more) => {
    expect(newerOf(old, [old, card('crd_2', '2026-10-01T00:00:00Z', more)])).toBeUndefined();
  });
});

describe('a card', () => {
  test('is called by what it says, each thing once, with the result of a laboratory', () => {
    expect(subjects({ kind: 'immunization', lines: [line('Polio'), line('Polio'), line('Tetanus', null, 'lot 7')] })).toEqual(['Polio', 'Tetanus']);
    expect(subjects({ kind: 'laboratory', lines: [line('Test', null, 'negative')] })).toEqual(['Test: negative']);
  });
  test('has the newest date on it, else the day of issue', () => {
    expect(dateOf({ issued: '2026-10-07', lines: [line('a', '2026-10-05'), line('b', '2026-10-06')] })).toBe('2026-10-06');
    expect(dateOf({ issued: '2026-10-07', lines: [line('a')] })).toBe('2026-10-07');
  });
  test('that was removed stays thirty days', () => {
    const now = new Date('2026-11-20T12:00:00Z');
    expect(daysLeft('2026-11-20T12:00:00Z', now)).toBe(30);
    expect(daysLeft('2026-10-22T12:00:00Z', now)).toBe(1);
    expect(daysLeft('2026-01-01T12:00:00Z', now)).toBe(0);
  });
});

test('what else of the person a card carries is found wherever it stands', () => {
  const payload = JSON.stringify({ vc: { credentialSubject: { fhirBundle: { entry: [{ resource: { resourceType: 'Patient', name: [], birthDate: '1955', gender: 'female', address: [] } }, { resource: { resourceType: 'Observation', address: 'no' } }] } } } });
  expect(otherDetails({ payload })).toEqual(['gender', 'address']);
  expect(otherDetails({ payload: 'not json' })).toEqual([]);
});

test('the findings of a verdict are read from any list of codes', () => {
  expect(findings('signatureGood, listChecked').has('listChecked')).toBe(true);
  expect(findings('').size).toBe(0);
});

test('the parts of a code in several parts are found once each', () => {
  expect(partsIn('shc:/1/3/5676 shc:/2/3/1234\nshc:/1/3/5676')).toEqual(['shc:/1/3/5676', 'shc:/2/3/1234']);
  expect(partsIn('shc:/5676')).toEqual([]);
});
