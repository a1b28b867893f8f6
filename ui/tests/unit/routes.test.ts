import { expect, test } from 'vitest';
import { href, parse } from '../../src/frame/routes';

test('an address leads to the page it was written for', () => {
  expect(parse(href('lab', { id: 'itm_a/b?c' }))).toEqual({ name: 'lab', params: { id: 'itm_a/b?c' }, query: {} });
  expect(parse(href('record', {}, { words: 'blood sugar & co', kind: '' }))).toEqual({ name: 'record', params: {}, query: { words: 'blood sugar & co' } });
});

test('no address at all leads home', () => {
  expect(parse('')?.name).toBe('home');
  expect(parse('#')?.name).toBe('home');
});

test('an address that means nothing leads nowhere', () => {
  expect(parse('#/nowhere')).toBeUndefined();
  expect(parse('#/record/lab/')).toBeUndefined();
  expect(parse('#/record/lab/%E0%A4%A')).toBeUndefined();
});
