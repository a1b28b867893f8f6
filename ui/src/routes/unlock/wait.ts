const FREE = 3;
const LONGEST = 300;

/**
 * Seconds to wait after so many wrong passphrases in a row: none for the first three, then 2, 4, 8 … at most 300.
 * The wallet enforces it; the window says it before the next try.
 */
export function waitAfter(wrong: number): number {
  return wrong <= FREE ? 0 : Math.min(2 ** (wrong - FREE), LONGEST);
}
