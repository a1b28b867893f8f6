import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cases } from './cases';
import type { Case } from './cases/case';
import { VIEWS, type View } from './views';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const ONLY = process.env['ONLY'];
const VIEW = process.env['VIEW'];
const PICTURES = process.env['PICTURES'] === 'yes';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(() => browser.close());

async function open(context: BrowserContext, one: Case, view: View, faults: string[]): Promise<Page> {
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('pageerror', (fault) => faults.push(String(fault)));
  const query = new URLSearchParams({ world: one.world ?? 'usual', language: view.language ?? 'en', theme: view.theme ?? 'light' });
  await page.goto(`${inject('site')}/?${query}${one.at}`);
  await page.locator('h1').first().waitFor();
  await one.before?.(page);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 60)));
  return page;
}

for (const view of VIEWS.filter((each) => !VIEW || each.name === VIEW)) {
  describe(view.name, () => {
    let context: BrowserContext;
    beforeAll(async () => {
      const zoom = view.zoom ?? 1;
      context = await browser.newContext({
        viewport: { width: Math.round(view.width / zoom), height: Math.round(view.height / zoom) },
        deviceScaleFactor: zoom,
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(10_000);
    });
    afterAll(() => context.close());

    for (const one of cases.filter((each) => !ONLY || each.name.includes(ONLY))) {
      // Pages keep nothing between them, so several stand open at once.
      test.concurrent(one.name, async () => {
        const faults: string[] = [];
        const page = await open(context, one, view, faults);
        try {
          if (PICTURES) await page.screenshot({ path: `tests/pages/out/${one.name}.${view.name}.png`, fullPage: true, caret: 'initial' });
          expect(await page.locator('h1').count(), 'one h1').toBe(1);
          expect(await tooWide(page), 'sideways').toEqual([]);
          expect(await page.locator('[style]').count(), 'inline style').toBe(0);
          if (view.axe) expect(await findings(page), 'axe').toEqual([]);
          if (view.name === 'wide') await one.then?.(page);
          expect(faults, 'faults in the console').toEqual([]);
        } finally {
          await page.close();
        }
      });
    }
  });
}

/** What sticks out of the window, when the page can be scrolled sideways. */
async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return [];
    return [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > room + 1 || element.getBoundingClientRect().left < -1)
      .map((element) => `${element.tagName}.${element.getAttribute('class') ?? ''}: ${(element.textContent ?? '').slice(0, 40)}`)
      .slice(0, 6);
  });
}

async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const found = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    return found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`);
  });
}
