import type { ReasonCount, TypeCount } from '../../ipc';

/** What goes out, by kind, the most first. */
export interface Out {
  total: number;
  rows: { type: string; count: number; cut: number }[];
}

/** What stays, by kind, with the reasons that hold for each. */
export interface Stays {
  total: number;
  rows: { type: string; count: number; why: { code: string; topic: string }[] }[];
}

/** Counts of the side that goes out. */
export function outOf(types: readonly TypeCount[]): Out {
  const rows = types
    .map((type) => ({ type: type.resourceType, count: type.kept + type.changed, cut: type.changed }))
    .filter((row) => row.count > 0)
    .sort((a, b) => b.count - a.count || a.type.localeCompare(b.type));
  return { total: rows.reduce((sum, row) => sum + row.count, 0), rows };
}

/** Counts of the side that stays, each kind with its reasons. */
export function stays(types: readonly TypeCount[], reasons: readonly ReasonCount[]): Stays {
  const rows = types
    .filter((type) => type.leftOut > 0)
    .map((type) => ({
      type: type.resourceType,
      count: type.leftOut,
      why: reasons.filter((reason) => reason.resourceType === type.resourceType).map((reason) => ({ code: reason.why, topic: reason.topic ?? '' })),
    }))
    .sort((a, b) => b.count - a.count || a.type.localeCompare(b.type));
  return { total: rows.reduce((sum, row) => sum + row.count, 0), rows };
}
