import { describe, expect, test } from 'vitest';
import { numberLine } from '../../../src/domain/record/line';

describe('the number line', () => {
  test('shows a value inside the range inside the band', () => {
    const line = numberLine(4.4, { low: 3.5, high: 5.1 }, 120);
    expect(line.dotX).toBeGreaterThan(line.bandX);
    expect(line.dotX).toBeLessThan(line.bandX + line.bandWidth);
    expect(line.lowX).toBe(line.bandX);
  });

  test('shows a value outside beside the band, on its side', () => {
    const above = numberLine(6.2, { low: 4, high: 5.6 }, 120);
    expect(above.dotX).toBeGreaterThan(above.bandX + above.bandWidth);
    const below = numberLine(11, { low: 13, high: 150 }, 120);
    expect(below.dotX).toBeLessThan(below.bandX);
  });

  test('reaches the end of the line on the side where no end was sent', () => {
    const atLeast = numberLine(71, { low: 60, high: null }, 120);
    expect(atLeast.bandX + atLeast.bandWidth).toBeCloseTo(112, 0);
    expect(atLeast.highX).toBeNull();
    const upTo = numberLine(2.4, { low: null, high: 2.6 }, 120);
    expect(upTo.bandX).toBe(8);
    expect(upTo.dotX).toBeLessThan(upTo.bandX + upTo.bandWidth);
  });

  test.each([
    [0, { low: 0, high: 5 }],
    [0, { low: null, high: 0 }],
    [-12, { low: -2, high: 2 }],
    [9000, { low: 3.5, high: 5.1 }],
    [5, { low: 5, high: 5 }],
    [0.0001, { low: 3, high: null }],
  ])('keeps %d and its range on the line', (value, ends) => {
    const line = numberLine(value, ends, 120);
    for (const x of [line.dotX, line.bandX, line.bandX + line.bandWidth]) {
      expect(x).toBeGreaterThanOrEqual(4);
      expect(x).toBeLessThanOrEqual(118);
    }
  });
});
