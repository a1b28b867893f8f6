import { describe, expect, test } from 'vitest';
import { digits, endsOf, sayRange } from '../../../src/domain/record/range';

const range = (low: string | null, high: string | null, text: string | null = null) => ({ low, high, text });

describe('a range of the laboratory', () => {
  test('is said by the ends that were sent, with their digits', () => {
    expect(sayRange(range('3.50', '5.1'))).toEqual({ shape: 'between', low: '3.50', high: '5.1' });
    expect(sayRange(range('60', null))).toEqual({ shape: 'atLeast', low: '60' });
    expect(sayRange(range(null, '2.6'))).toEqual({ shape: 'upTo', high: '2.6' });
    expect(sayRange(range(null, null, 'negative'))).toEqual({ shape: 'inWords', text: 'negative' });
  });

  test('is never invented', () => {
    expect(sayRange(null)).toBeNull();
    expect(sayRange(range(null, null))).toBeNull();
  });

  test('with ends the wrong way round is not drawn', () => {
    expect(endsOf(range('5.1', '3.5'))).toBeNull();
    expect(endsOf(range('3.5', '5.1'))).toEqual({ low: 3.5, high: 5.1 });
    expect(endsOf(range('about 3', null))).toBeNull();
  });

  test('zero is a number and nothing is not', () => {
    expect(digits('0')).toBe(0);
    expect(digits('')).toBeNull();
    expect(digits(' ')).toBeNull();
    expect(digits(null)).toBeNull();
  });
});
