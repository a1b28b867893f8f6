import type { Ends } from './range';

/** The little line that shows a value beside the laboratory's range, in the units of its drawing. */
export interface NumberLine {
  readonly width: number;
  readonly start: number;
  readonly end: number;
  readonly bandX: number;
  readonly bandWidth: number;
  readonly dotX: number;
  /** Where the ends of the range stand; `null` for an end that was not sent. */
  readonly lowX: number | null;
  readonly highX: number | null;
}

const INSET = 8;
const SMALLEST_BAND = 4;

/**
 * Lays the range out so that a value near it looks near and one far off looks far: the line reaches
 * half a range beyond both ends, and further when the value does.
 */
export function numberLine(value: number, ends: Ends, width: number): NumberLine {
  const [from, to] = reach(value, ends);
  const start = INSET;
  const end = width - INSET;
  const x = (at: number) => round(start + ((at - from) / (to - from)) * (end - start));
  const lowX = ends.low === null ? null : x(ends.low);
  const highX = ends.high === null ? null : x(ends.high);
  const bandX = lowX ?? start;
  const bandWidth = Math.max(SMALLEST_BAND, (highX ?? end) - bandX);
  return { width, start: 2, end: width - 2, bandX, bandWidth: round(bandWidth), dotX: x(value), lowX, highX };
}

function reach(value: number, { low, high }: Ends): readonly [number, number] {
  const anchor = high ?? low ?? value;
  const span = low !== null && high !== null && high > low ? high - low : Math.abs(anchor) || 1;
  const floor = low === null && anchor > 0 && value >= 0 ? 0 : (low ?? anchor) - span * 0.5;
  const ceiling = (high ?? low ?? value) + span * (low !== null && high !== null ? 0.5 : 0.6);
  const margin = span * 0.12;
  const from = Math.min(floor, value - (value === 0 ? 0 : margin));
  const positive = value >= 0 && (low === null || low >= 0) && (high === null || high > 0);
  return [positive ? Math.max(0, from) : from, Math.max(ceiling, value + margin)];
}

function round(x: number): number {
  return Math.round(x * 10) / 10;
}
