import type { PullKind, PullView } from '../../ipc';
import { items } from './report';

/** How far a pull has come: known when the other side said how many items every kind has. */
export interface Progress {
  items: number;
  expected: number | undefined;
}

/** Adds up the kinds. A kind that is over counts as what it brought. */
export function progressOf(pull: PullView): Progress {
  let seen = 0;
  let expected: number | undefined = 0;
  for (const kind of pull.kinds.map(items)) {
    seen += kind.seen;
    const whole = isOver(kind) ? kind.seen : kind.expected;
    expected = whole === null || expected === undefined ? undefined : expected + Math.max(whole, kind.seen);
  }
  return { items: seen, expected: expected === 0 ? undefined : expected };
}

/** Whether a kind will bring nothing more. */
export function isOver(kind: PullKind): boolean {
  return kind.outcome !== 'waiting' && kind.outcome !== 'running';
}

/** The tens of percent that are said aloud: 0, 10, 20 … */
export function tens({ items, expected }: Progress): number | undefined {
  return expected === undefined ? undefined : Math.floor((items / expected) * 10) * 10;
}
