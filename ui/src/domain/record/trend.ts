import type { Ends } from './range';
import { tickText, timeTicks, valueTicks, type TimeTick } from './ticks';
import { placeLabels } from './labels';

/** How a point is drawn: filled, hollow with a thick ring, or hollow and dashed. */
export type PointLook = 'within' | 'out' | 'noRange';

/** One value of the trend, oldest first. */
export interface TrendValue {
  readonly at: number;
  readonly value: number;
  /** The digits as sent, with their comparator. */
  readonly text: string;
  readonly look: PointLook;
  readonly ends: Ends | null;
  /** A value such as `<5` is a bound, not a measure: it is shown, and not joined to the others. */
  readonly bound: boolean;
}

/** A point with its place and that of its digits; `labelY` is `null` where they would cover another's. */
export interface TrendPoint extends TrendValue {
  readonly x: number;
  readonly y: number;
  readonly labelY: number | null;
}

/** A stretch over which the laboratory's range stayed the same; an end that was not sent has no edge. */
export interface TrendBand {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
  readonly edges: readonly number[];
}

/** Everything the drawing needs, in CSS pixels. */
export interface TrendDrawing {
  readonly width: number;
  readonly height: number;
  readonly plot: { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number };
  readonly bands: readonly TrendBand[];
  readonly values: readonly { readonly y: number; readonly text: string }[];
  readonly times: readonly { readonly x: number; readonly edge: number | null; readonly name: string }[];
  readonly line: string;
  /** Radius of the points: smaller in a crowd. */
  readonly radius: number;
  readonly points: readonly TrendPoint[];
}

/** Draws values to the width there is; `font` is the size of its text in CSS pixels. */
export function drawTrend(values: readonly TrendValue[], width: number, font: number): TrendDrawing {
  const height = Math.round(Math.min(340, Math.max(220, width * 0.45)) + (font - 16) * 4);
  const [low, high] = valueReach(values);
  const ticks = valueTicks(low, high, Math.max(2, Math.floor(height / (font * 4))));
  const bottomTick = Math.min(low, ticks[0] ?? low);
  const wide = Math.max(...ticks.map((tick) => tickText(tick).length), 1);
  const plot = {
    left: Math.round(wide * font * 0.62 + font),
    right: width - Math.round(font * 0.75),
    top: Math.round(font * 1.8),
    bottom: height - Math.round(font * 2.2),
  };
  const [from, to] = timeReach(values);
  const x = (at: number) => tenth(plot.left + ((at - from) / (to - from)) * (plot.right - plot.left));
  const y = (value: number) =>
    tenth(plot.bottom - ((value - bottomTick) / (high - bottomTick)) * (plot.bottom - plot.top));
  const placed = values.map((value) => ({ ...value, x: x(value.at), y: y(value.value) }));
  const way = joined(placed);
  const labels = placeLabels(placed, font, plot, way);
  return {
    width,
    height,
    plot,
    bands: bands(values, x, y, plot),
    values: ticks.map((tick) => ({ y: y(tick), text: tickText(tick) })),
    times: roomy(
      timeTicks(from, to, Math.floor((plot.right - plot.left) / (font * 5))).map((tick) => nameTime(tick, x, plot)),
      width,
      font,
    ),
    line: way.map((point) => `${point.x},${point.y}`).join(' '),
    radius: values.length * 16 > plot.right - plot.left ? 4 : 6,
    points: placed.map((point, at) => ({ ...point, labelY: labels[at] ?? null })),
  };
}

/** Values without a range do not join those that have one: it may have been another method. */
function joined<T extends TrendValue>(values: readonly T[]): readonly T[] {
  const measured = values.filter((value) => !value.bound);
  const ranged = measured.filter((value) => value.look !== 'noRange');
  return ranged.length > 0 ? ranged : measured;
}

function valueReach(values: readonly TrendValue[]): readonly [number, number] {
  const all = values.flatMap(({ value, ends }) => [value, ends?.low ?? value, ends?.high ?? value]);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const pad = (high - low || Math.abs(high) || 1) * 0.12;
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

function timeReach(values: readonly TrendValue[]): readonly [number, number] {
  const times = values.map(({ at }) => at);
  const first = Math.min(...times);
  const last = Math.max(...times);
  const pad = (last - first || 86_400_000) * 0.05;
  return [first - pad, last + pad];
}

function bands(
  values: readonly TrendValue[],
  x: (at: number) => number,
  y: (value: number) => number,
  plot: TrendDrawing['plot'],
): readonly TrendBand[] {
  const ranged = values.filter((value): value is TrendValue & { ends: Ends } => value.ends !== null);
  const found: TrendBand[] = [];
  let left = plot.left;
  ranged.forEach((value, at) => {
    const next = ranged[at + 1];
    if (next && next.ends.low === value.ends.low && next.ends.high === value.ends.high) return;
    const right = next ? x((value.at + next.at) / 2) : plot.right;
    const top = value.ends.high === null ? plot.top : y(value.ends.high);
    const bottom = value.ends.low === null ? plot.bottom : y(value.ends.low);
    const edges = [value.ends.high === null ? [] : [top], value.ends.low === null ? [] : [bottom]].flat();
    found.push({ x: left, width: tenth(right - left), y: top, height: tenth(Math.max(0, bottom - top)), edges });
    left = right;
  });
  return found;
}

function nameTime(tick: TimeTick, x: (at: number) => number, plot: TrendDrawing['plot']) {
  const start = x(tick.from);
  const from = Math.max(start, plot.left);
  const to = Math.min(x(tick.to), plot.right);
  return {
    x: tenth((from + Math.max(from, to)) / 2),
    edge: start > plot.left ? start : null,
    name: tick.name,
  };
}

/** Letters of a name as it is written: `2026`, `May 2026`, `3 May 2026`. */
const LETTERS: Readonly<Record<number, number>> = { 4: 4, 7: 8, 10: 11 };

/** The names that fit into the drawing without touching each other. */
function roomy<T extends { readonly x: number; readonly name: string }>(times: readonly T[], width: number, font: number): readonly T[] {
  let taken = 0;
  return times.filter(({ x, name }) => {
    const half = (LETTERS[name.length] ?? 4) * font * 0.32;
    if (x - half < taken || x + half > width) return false;
    taken = x + half + font * 0.4;
    return true;
  });
}

function tenth(x: number): number {
  return Math.round(x * 10) / 10;
}
