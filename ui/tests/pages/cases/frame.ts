import { holds, tabTo, type Case } from './case';

const heading = (name: string) => ({ level: 1, name }) as const;

/** Home, and what stands around every page. */
export const frame: Case[] = [
  {
    name: 'home',
    at: '#/',
    then: async (page) => {
      await page.keyboard.press('Control+7');
      await page.getByRole('heading', heading('Settings')).waitFor();
      holds(await page.evaluate(() => document.activeElement?.tagName === 'H1'), 'a step puts the focus on the heading');
      holds((await page.title()) === 'Settings · Satchel', 'the title names the page');
      await page.keyboard.press('Control+1');
      await tabTo(page, 'Hemoglobin A1c');
      await page.keyboard.press('Enter');
      await page.waitForURL(/record\/lab/);
      await page.keyboard.press('Alt+ArrowLeft');
      await page.getByRole('link', { name: /Hemoglobin A1c/ }).waitFor();
      await page.waitForFunction(() => document.activeElement?.textContent?.includes('Hemoglobin A1c'));
      await page.keyboard.press('ArrowDown');
      holds(await page.evaluate(() => document.activeElement?.textContent?.includes('Potassium') ?? false), 'arrows move within a list');
      await page.keyboard.press('Control+l');
      await page.getByRole('heading', heading('Satchel is locked')).waitFor();
    },
  },
  { name: 'home-empty', at: '#/', world: 'empty' },
  { name: 'home-quiet', at: '#/', world: 'quiet' },
  { name: 'home-huge', at: '#/', world: 'huge' },
  { name: 'home-broken', at: '#/', world: 'broken' },
  { name: 'home-failing', at: '#/', world: 'failing', before: async (page) => page.locator('section[role=alert]').waitFor() },
  { name: 'home-loading', at: '#/', world: 'loading', before: async (page) => page.waitForTimeout(400) },
  {
    name: 'home-offline',
    at: '#/',
    before: async (page) => {
      await page.evaluate(() => window.dispatchEvent(new Event('offline')));
      await page.locator('.statusbar').waitFor();
    },
  },
  {
    name: 'people-open',
    at: '#/',
    before: async (page) => {
      if (await page.locator('.topbar').isVisible()) await page.locator('.topbar button').click();
      await page.locator('button.person').click();
    },
    then: async (page) => {
      await tabTo(page, 'Edwin Calder');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', heading('The record of Edwin Calder')).waitFor();
    },
  },
  {
    name: 'shortcuts',
    at: '#/',
    before: async (page) => {
      await page.keyboard.press('?');
      await page.locator('dialog[open]').waitFor();
    },
    then: async (page) => {
      await page.keyboard.press('Escape');
      holds((await page.locator('dialog[open]').count()) === 0, 'Esc closes the list of shortcuts');
    },
  },
  { name: 'not-found', at: '#/nowhere' },
  { name: 'sharing', at: '#/sharing' },
];
