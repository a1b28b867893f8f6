import { readFileSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

// The very script that the shell runs before a page.
const SAY = readFileSync(new URL('../../../src-tauri/src/start.js', import.meta.url), 'utf8');
const VIEWS = [
  { starts: 'absent', world: 'fresh', width: 1180 },
  { starts: 'locked', world: 'locked', width: 1180 },
  { starts: 'locked', world: 'locked', width: 375 },
] as const;
const LOOKS = [
  { system: 'light', theme: undefined },
  { system: 'dark', theme: undefined },
  { system: 'light', theme: 'dark' },
  { system: 'dark', theme: 'light' },
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(() => browser.close());

/** Where the brand stands and what it looks like. */
function brand(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    const element = document.querySelector<HTMLElement>('.brand');
    const mark = element?.querySelector('svg');
    if (!element || !mark) return undefined;
    const at = (of: Element) => {
      const { x, y, width, height } = of.getBoundingClientRect();
      return [x, y, width, height].map(Math.round);
    };
    const style = getComputedStyle(element);
    const ground = getComputedStyle(document.body).backgroundColor;
    return { text: element.textContent, shape: mark.innerHTML.replace(/<!--.*?-->/g, ''), at: at(element), mark: at(mark), colours: [ground, style.color, getComputedStyle(mark).color], font: style.font };
  });
}

for (const { starts, world, width } of VIEWS) {
  for (const { system, theme } of LOOKS) {
    test(`before the script runs, the brand stands where the page has it: ${starts}, ${width}, ${system}, ${theme ?? 'as the system'}`, async () => {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: system, reducedMotion: 'reduce' });
      await context.addInitScript(`(${SAY.trim().replace(/^\/\/.*\n/gm, '')})(${JSON.stringify(theme ?? null)}, '${starts}')`);
      const page = await context.newPage();
      const address = `${inject('site')}/?${new URLSearchParams({ world, theme: theme ?? 'system' })}`;
      await page.route('**/*.js', (route) => route.abort());
      await page.goto(address);
      await page.locator('main[aria-busy=true]').waitFor();
      const first = await brand(page);
      expect(first).toMatchObject({ text: 'Satchel', shape: expect.stringContaining('mark__bag') });
      if (process.env['PICTURES'] === 'yes') await page.screenshot({ path: `tests/pages/out/start.${starts}.${width}.${system}.${theme ?? 'system'}.png` });

      await page.unroute('**/*.js');
      await page.goto(address);
      await page.locator('h1').waitFor();
      expect(await brand(page)).toEqual(first);
      expect(await page.locator('.brand').count(), 'the first frame is gone').toBe(1);
      expect(await page.locator('[aria-busy=true]').count(), 'nothing is said to be busy').toBe(0);
      await context.close();
    });
  }
}
