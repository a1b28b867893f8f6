const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;

/**
 * Where a stated date stands on a time axis, in milliseconds; `null` when it says nothing. A year or month alone
 * stands in its middle, so that it is neither first nor last of what it names.
 */
export function momentOf(stated: string | null | undefined): number | null {
  if (!stated) return null;
  const partial = PARTIAL.exec(stated);
  if (!partial) {
    const instant = new Date(stated).getTime();
    return Number.isNaN(instant) ? null : instant;
  }
  const year = Number(partial[1]);
  const month = partial[2] === undefined ? null : Number(partial[2]) - 1;
  if (month === null) return (Date.UTC(year, 0, 1) + Date.UTC(year + 1, 0, 1)) / 2;
  if (partial[3] === undefined) return (Date.UTC(year, month, 1) + Date.UTC(year, month + 1, 1)) / 2;
  return Date.UTC(year, month, Number(partial[3]), 12);
}
