/** The longest a mandate may hold, in days. */
const LONGEST = 731;
const DAY = 86_400_000;

/** The day that lies so many days after an instant, `2027-05-03`, here. */
export function dayIn(from: Date, days: number): string {
  const at = new Date(from.getTime() + days * DAY);
  return `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}

/** The day as chosen, when a mandate may end on it: whole, not gone by, within two years. */
export function mandateUntil(day: string, now: Date): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  return day >= dayIn(now, 0) && day <= dayIn(now, LONGEST) ? day : undefined;
}
