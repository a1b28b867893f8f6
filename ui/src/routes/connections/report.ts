import type { Kind, KindOutcome, PullKind } from '../../ipc';

/** The numbers of one line of the report. */
export interface Counts {
  new: number;
  changed: number;
  unchanged: number;
  failed: number;
}

/** A line of the report: what a person calls it. */
export interface Line extends Counts {
  kind: Kind;
  outcome: KindOutcome;
}

const WORST: readonly KindOutcome[] = ['failed', 'refused', 'running', 'waiting', 'done', 'unsupported'];

/** Name of the step that fetches files. */
export const FILES = 'Binary';

/** A file is a part of its document, and no item of its own. */
export function items(kind: PullKind): PullKind {
  return kind.name === FILES ? { ...kind, expected: 0, seen: 0, new: 0, changed: 0, unchanged: 0 } : kind;
}

/** All kinds together. */
export function sum(kinds: readonly Counts[]): Counts {
  const total = { new: 0, changed: 0, unchanged: 0, failed: 0 };
  for (const kind of kinds) {
    total.new += kind.new;
    total.changed += kind.changed;
    total.unchanged += kind.unchanged;
    total.failed += kind.failed;
  }
  return total;
}

/** One line for each kind that a person knows. Several searches may feed it; what went worst is told. */
export function lines(kinds: readonly PullKind[]): Line[] {
  const groups = new Map<Kind, PullKind[]>();
  for (const kind of kinds) groups.set(kind.kind, [...(groups.get(kind.kind) ?? []), items(kind)]);
  return [...groups].map(([kind, parts]) => ({
    kind,
    ...sum(parts),
    outcome: WORST.find((outcome) => parts.some((part) => part.outcome === outcome)) ?? 'done',
  }));
}
