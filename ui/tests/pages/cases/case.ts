import type { Page } from 'playwright-core';

/** One page in one state. It is looked at in every size, in both themes and in both languages. */
export interface Case {
  /** Name of its pictures. */
  name: string;
  /** Where: `#/…`. */
  at: string;
  /** Which make-believe wallet; `usual` unless told. */
  world?: string;
  /** What to do before looking. */
  before?: (page: Page) => Promise<void>;
  /** What must hold, with the keyboard alone where it can. Throw to fail. */
  then?: (page: Page) => Promise<void>;
  /** No h1 of its own, or other exceptions, with their reason. */
  quick?: boolean;
}

/** Throws with these words unless it holds. */
export function holds(condition: boolean, words: string): asserts condition {
  if (!condition) throw new Error(words);
}

/** Presses Tab until the element with this text or label has the focus. */
export async function tabTo(page: Page, name: string, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const element = document.activeElement;
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
      return (label ?? element?.textContent ?? '').replace(/\s+/g, ' ').trim();
    });
    if (at.includes(name)) return;
  }
  throw new Error(`Tab never came to “${name}”`);
}
