/** Round numbers across a span: steps of 1, 2 or 5 times a power of ten. */
export function valueTicks(from: number, to: number, wanted: number): readonly number[] {
  const span = to - from;
  if (!(span > 0)) return [from];
  const rough = span / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = rough / power;
  const step = power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
  const ticks: number[] = [];
  for (let n = Math.ceil(from / step - 1e-9); n * step <= to + step * 1e-9; n += 1) ticks.push(clean(n * step));
  return ticks;
}

/** A tick as text, without the tail that binary numbers leave. */
export function tickText(tick: number): string {
  return String(clean(tick));
}

function clean(number: number): number {
  return Number(number.toPrecision(12));
}

/** A stretch of the time axis that carries one name. */
export interface TimeTick {
  /** Start of the year, month or day, in milliseconds. */
  readonly from: number;
  readonly to: number;
  /** The stretch as a stated date, to be named like any other: `2026`, `2026-05`, `2026-05-03`. */
  readonly name: string;
}

const DAY = 86_400_000;

/**
 * The years of a span; its months or days when it is shorter than that. `most` is how many names have room:
 * where there are more, every second, fifth or tenth is kept.
 */
export function timeTicks(from: number, to: number, most: number): readonly TimeTick[] {
  const days = (to - from) / DAY;
  const all = days > 550 ? years(from, to) : days > 45 ? months(from, to) : eachDay(from, to);
  const every = [1, 2, 3, 5, 10, 20, 50].find((n) => all.length / n <= Math.max(1, most)) ?? 100;
  return all.filter((_, at) => at % every === 0);
}

function years(from: number, to: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  for (let year = new Date(from).getUTCFullYear(); Date.UTC(year, 0, 1) < to; year += 1) {
    ticks.push({ from: Date.UTC(year, 0, 1), to: Date.UTC(year + 1, 0, 1), name: String(year) });
  }
  return ticks;
}

function months(from: number, to: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  const first = new Date(from);
  for (let n = first.getUTCFullYear() * 12 + first.getUTCMonth(); ; n += 1) {
    const start = Date.UTC(Math.floor(n / 12), n % 12, 1);
    if (start >= to) return ticks;
    ticks.push({ from: start, to: Date.UTC(Math.floor(n / 12), (n % 12) + 1, 1), name: iso(start, 7) });
  }
}

function eachDay(from: number, to: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  for (let start = Math.floor(from / DAY) * DAY; start < to; start += DAY) {
    ticks.push({ from: start, to: start + DAY, name: iso(start, 10) });
  }
  return ticks;
}

function iso(at: number, length: number): string {
  return new Date(at).toISOString().slice(0, length);
}
