import { describe, expect, test } from 'vitest';
import { momentOf } from '../../../src/domain/record/moment';
import { drawTrend, type TrendValue } from '../../../src/domain/record/trend';
import { timeTicks, valueTicks } from '../../../src/domain/record/ticks';

const value = (date: string, number: number, more: Partial<TrendValue> = {}): TrendValue => ({
  at: momentOf(date) ?? 0,
  value: number,
  text: String(number),
  look: 'out',
  ends: { low: 4, high: 5.6 },
  bound: false,
  ...more,
});

const a1c = [value('2023-05-02', 7.4), value('2024-05-21', 6.9), value('2025-05-20', 6.7), value('2026-11-10', 6.2)];

describe('the trend', () => {
  test('puts older values left of newer ones and higher values above lower ones', () => {
    const { points, plot } = drawTrend(a1c, 700, 16);
    expect(points.map(({ x }) => x)).toEqual([...points.map(({ x }) => x)].sort((a, b) => a - b));
    expect(points.map(({ y }) => y)).toEqual([...points.map(({ y }) => y)].sort((a, b) => a - b));
    for (const { x, y } of points) {
      expect(x).toBeGreaterThan(plot.left);
      expect(x).toBeLessThan(plot.right);
      expect(y).toBeGreaterThan(plot.top);
      expect(y).toBeLessThan(plot.bottom);
    }
  });

  test('writes the digits at every point that has room', () => {
    expect(drawTrend(a1c, 700, 16).points.every(({ labelY }) => labelY !== null)).toBe(true);
  });

  test('never writes digits over others, and always those of the newest', () => {
    const crowd = Array.from({ length: 400 }, (_, at) => value('2020-01-01', 6 + Math.sin(at), { at: at * 86_400_000 }));
    const { points } = drawTrend(crowd, 320, 16);
    const labelled = points.filter(({ labelY }) => labelY !== null);
    expect(labelled.length).toBeLessThan(60);
    expect(points.at(-1)?.labelY).not.toBeNull();
  });

  test('names each year once, inside the plot', () => {
    const { times, plot } = drawTrend(a1c, 700, 16);
    expect(times.map(({ name }) => name)).toEqual(['2023', '2024', '2025', '2026', '2027'].slice(0, times.length));
    for (const { x } of times) expect(x).toBeLessThanOrEqual(plot.right);
  });

  test('draws one band with two edges when the range never changed', () => {
    const { bands } = drawTrend(a1c, 700, 16);
    expect(bands).toHaveLength(1);
    expect(bands[0]?.edges).toHaveLength(2);
  });

  test('draws a band for each range the laboratory used, meeting halfway', () => {
    const moved = [...a1c.slice(0, 2), ...a1c.slice(2).map((one) => ({ ...one, ends: { low: 4.2, high: 6 } }))];
    const [first, second] = drawTrend(moved, 700, 16).bands;
    expect((first?.x ?? 0) + (first?.width ?? 0)).toBeCloseTo(second?.x ?? -1, 0);
  });

  test('gives an end that was not sent no edge', () => {
    const { bands, plot } = drawTrend(a1c.map((one) => ({ ...one, ends: { low: 6, high: null } })), 700, 16);
    expect(bands[0]?.edges).toHaveLength(1);
    expect(bands[0]?.y).toBe(plot.top);
  });

  test('does not join a value without a range, nor one that is only a bound', () => {
    const mixed = [...a1c, value('2025-08-20', 6.8, { look: 'noRange', ends: null }), value('2025-09-01', 5, { bound: true })];
    expect(drawTrend(mixed, 700, 16).line.split(' ')).toHaveLength(4);
    const without = a1c.map((one): TrendValue => ({ ...one, look: 'noRange', ends: null }));
    expect(drawTrend(without, 700, 16).line.split(' ')).toHaveLength(4);
  });

  test('copes with equal values on one day', () => {
    const { points } = drawTrend([value('2026-01-01', 5), value('2026-01-01', 5)], 300, 16);
    for (const { x, y } of points) expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true);
  });
});

describe('ticks', () => {
  test('of values are round', () => {
    expect(valueTicks(3.5, 8, 5)).toEqual([4, 5, 6, 7, 8]);
    expect(valueTicks(0.1, 0.34, 4)).toEqual([0.1, 0.2, 0.3]);
    expect(valueTicks(5, 5, 4)).toEqual([5]);
  });

  test('of time become months and days as the span shrinks, and never more than have room', () => {
    const at = (date: string) => momentOf(date) ?? 0;
    expect(timeTicks(at('2026-01-10'), at('2026-05-10'), 9).map(({ name }) => name)).toEqual(['2026-01', '2026-02', '2026-03', '2026-04', '2026-05']);
    expect(timeTicks(at('2026-05-03'), at('2026-05-05'), 9).map(({ name }) => name)).toEqual(['2026-05-03', '2026-05-04', '2026-05-05']);
    expect(timeTicks(at('1950'), at('2026'), 6).length).toBeLessThanOrEqual(6);
  });
});

describe('a stated date on the time axis', () => {
  test('stands in the middle of what it names', () => {
    expect(momentOf('2019')).toBe(Date.UTC(2019, 6, 2, 12));
    expect(momentOf('2019-05')).toBe(Date.UTC(2019, 4, 16, 12));
    expect(momentOf('2019-05-03T08:00:00-05:00')).toBe(Date.UTC(2019, 4, 3, 13));
  });

  test('is nowhere when it is not stated', () => {
    expect(momentOf(null)).toBeNull();
    expect(momentOf('unknown')).toBeNull();
  });
});
