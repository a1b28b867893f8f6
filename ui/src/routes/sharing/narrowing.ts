/** A list with a value put in or taken out. */
export function toggled(list: readonly string[], value: string, on: boolean): string[] {
  const others = list.filter((one) => one !== value);
  return on ? [...others, value] : others;
}

/** When the grant ends, as its own text says; `undefined` for none. */
export function endOf(grant: string | undefined): string | undefined {
  if (grant === undefined) return undefined;
  const value = JSON.parse(grant) as { term?: { end?: string | null } };
  return value.term?.end ?? undefined;
}
