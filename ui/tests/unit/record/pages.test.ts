import { describe, expect, test } from 'vitest';
import type { LabPoint, Value } from '../../../src/ipc';
import { isDay, narrowed, newestOnly, readFilters, recordQuery, writeFilters } from '../../../src/domain/record/filters';
import { fileKind, pagesOf } from '../../../src/domain/record/document/files';
import { lastYears, seriesOf } from '../../../src/domain/record/series';
import { changeBetween, partsText, valueText } from '../../../src/domain/record/value';

const value = (number: string | null, more: Partial<Value> = {}): Value => ({ number, comparator: null, unit: '%', unitCode: null, text: null, range: null, against: 'rangeNotStated', parts: [], ...more });
const point = (date: string | null, one: Value): LabPoint => ({ id: `itm_${date}`, date, value: one, source: 'S' });

describe('filters', () => {
  test('survive the way through the address', () => {
    const filters = readFilters({ words: 'iron', kind: 'lab', source: 'con_1', from: '2026-01-02', to: '2026-02-03', results: 'every' });
    expect(readFilters(writeFilters(filters))).toEqual(filters);
  });
  test('leave out what does not fit', () => {
    expect(readFilters({ kind: 'nonsense', from: '2026-02-31', to: 'soon' })).toEqual({ words: '', kind: null, source: null, from: null, to: null, every: false });
    expect(isDay('2026-02-28')).toBe(true);
  });
  test('ask for the newest of each test only where there are tests', () => {
    expect(newestOnly(readFilters({ kind: 'lab' }))).toBe(true);
    expect(newestOnly(readFilters({ kind: 'lab', results: 'every' }))).toBe(false);
    expect(newestOnly(readFilters({}))).toBe(false);
    expect(recordQuery(readFilters({ kind: 'vital', words: ' pulse ' }), 50, 10)).toMatchObject({ words: 'pulse', newestOfEach: true, offset: 50, limit: 10 });
    expect(narrowed(readFilters({ words: '  ' }))).toBe(false);
  });
});

describe('a value on screen', () => {
  test('has its comparator and its unit, and its digits as sent', () => {
    expect(valueText(value('6.20'))).toBe('6.20\u00a0%');
    expect(valueText(value('0.01', { comparator: '<=', unit: 'mg/dL' }))).toBe('≤0.01\u00a0mg/dL');
    expect(valueText(value(null, { text: 'No growth' }))).toBe('No growth');
    expect(valueText(value(null))).toBeNull();
  });
  test('of two pressures reads as people write it, any other parts each with their name', () => {
    const part = (title: string, number: string, unit = 'mm[Hg]') => ({ title, number, unit, text: null });
    expect(partsText([part('Diastolic blood pressure', '76'), part('Systolic blood pressure', '128')])).toBe('128/76\u00a0mmHg');
    expect(partsText([part('Left', '1', 'cm'), part('Right', '2', 'cm')])).toBe('Left 1\u00a0cm, Right 2\u00a0cm');
  });
  test('is compared with the one before only in the same unit and without comparators', () => {
    expect(changeBetween(value('6.2'), value('6.4'))).toBe('lower');
    expect(changeBetween(value('6.2'), value('6.4', { unit: 'mmol/mol' }))).toBeNull();
    expect(changeBetween(value('6.2', { comparator: '<' }), value('6.4'))).toBeNull();
  });
});

describe('what can be drawn of a test', () => {
  const two = [point('2025-01-01', value('6.4')), point('2026-01-01', value('6.2'))];
  test('is one line of its values', () => {
    const drawn = seriesOf({ history: two, oneUnit: true });
    expect(drawn).toHaveLength(1);
    expect(typeof drawn === 'string' ? [] : lastYears(drawn[0]!, 0.5).values).toHaveLength(1);
  });
  test('is nothing, with the reason, for one value, words, other units, or no dates', () => {
    expect(seriesOf({ history: two.slice(1), oneUnit: true })).toBe('oneValue');
    expect(seriesOf({ history: two, oneUnit: false })).toBe('unitsDiffer');
    expect(seriesOf({ history: two.map((one) => ({ ...one, value: value(null, { text: 'No growth' }) })), oneUnit: true })).toBe('inWords');
    expect(seriesOf({ history: two.map((one) => ({ ...one, date: null })), oneUnit: true })).toBe('noDates');
  });
});

describe('a document', () => {
  test('in pages is the whole text', () => {
    const text = 'A line of words that goes on.\n'.repeat(400);
    const pages = pagesOf(text);
    expect(pages.length).toBeGreaterThan(3);
    expect(pages.join('')).toBe(text);
    expect(pagesOf('x'.repeat(10_000)).join('')).toHaveLength(10_000);
    expect(pagesOf('')).toEqual(['']);
  });
  test('has the name people give its type', () => {
    expect(fileKind('text/html; charset=utf-8')).toBe('HTML');
    expect(fileKind('application/x-unknown')).toBe('application/x-unknown');
    expect(fileKind(null)).toBeNull();
  });
});
