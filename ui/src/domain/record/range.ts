import type { Range } from '../../ipc';

/** A range of the laboratory in the shape it can be said in. */
export type SaidRange =
  | { readonly shape: 'between'; readonly low: string; readonly high: string }
  | { readonly shape: 'atLeast'; readonly low: string }
  | { readonly shape: 'upTo'; readonly high: string }
  | { readonly shape: 'inWords'; readonly text: string };

/** The shape of a range; `null` when the laboratory sent none. The digits stay as sent. */
export function sayRange(range: Range | null | undefined): SaidRange | null {
  if (!range) return null;
  const { low, high, text } = range;
  if (low && high) return { shape: 'between', low, high };
  if (low) return { shape: 'atLeast', low };
  if (high) return { shape: 'upTo', high };
  return text ? { shape: 'inWords', text } : null;
}

/** Ends of a range as numbers; an end that was not sent is `null`. */
export interface Ends {
  readonly low: number | null;
  readonly high: number | null;
}

/** Numbers to draw a range with; `null` when there is no number in it. */
export function endsOf(range: Range | null | undefined): Ends | null {
  const low = digits(range?.low);
  const high = digits(range?.high);
  if (low === null && high === null) return null;
  return low !== null && high !== null && low > high ? null : { low, high };
}

/** A number from digits as sent; `null` when they are no finite number. */
export function digits(text: string | null | undefined): number | null {
  if (!text?.trim()) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}
