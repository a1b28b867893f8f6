import { holds, tabTo, type Case } from './case';

/** The record as somebody else would see it. */
export const preview: Case[] = [
  {
    name: 'as',
    at: '#/sharing/as/req_1',
    before: async (page) => page.locator('.asthem').waitFor(),
    then: async (page) => {
      const bar = await page.locator('.asthem').textContent();
      holds(bar?.includes('Your record as Bedside Viewer would see it.') ?? false, `the bar says through whose eyes: ${bar}`);
      await tabTo(page, 'Hemoglobin A1c');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Hemoglobin A1c' }).waitFor();
      holds((await page.locator('.asthem').count()) === 1, 'the bar stays');
      holds((await page.locator('main a[href^="#/record"]').count()) === 0, 'no link leads to the whole record');
    },
  },
  { name: 'as-empty', at: '#/sharing/as/req_1', world: 'empty', before: async (page) => page.locator('.empty').waitFor() },
  { name: 'as-huge', at: '#/sharing/as/req_1', world: 'huge', before: async (page) => page.locator('.rows').first().waitFor() },
  { name: 'as-failing', at: '#/sharing/as/req_1', world: 'failing', before: async (page) => page.locator('section[role=alert]').first().waitFor() },
  { name: 'as-deidentified', at: '#/sharing/as/req_1', world: 'deidentified', before: async (page) => page.locator('.rows').first().waitFor() },
  { name: 'as-cut', at: '#/sharing/as/req_1?tab=cut', before: async (page) => page.locator('main .cut').first().waitFor() },
  { name: 'as-stays', at: '#/sharing/as/req_1?tab=stays', before: async (page) => page.locator('.rows .row').nth(40).waitFor() },
  { name: 'as-share', at: '#/sharing/as/grt_1', before: async (page) => page.locator('.asthem').waitFor() },
  { name: 'as-mandate', at: '#/sharing/as/cnt_1', before: async (page) => page.locator('.asthem').waitFor() },
  {
    name: 'as-lab',
    at: '#/sharing/as/req_1/item?of=itm_a1c',
    before: async (page) => page.locator('.asthem').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Keep this item back');
      await page.keyboard.press('Enter');
      const row = page.locator('.row', { hasText: 'you keep this item back' });
      await row.waitFor();
      // What is narrowed here is what is narrowed on the request, and the other way round.
      await page.getByRole('link', { name: 'Back to the request' }).click();
      await page.locator('main details summary').first().click();
      await page.getByText('You keep 1 single item back.').waitFor();
      await page.getByRole('link', { name: 'Go through the items' }).click();
      await page.getByRole('link', { name: 'Stays with you' }).click();
      await row.getByRole('button').click();
      await row.waitFor({ state: 'detached' });
      holds((await page.evaluate(() => document.activeElement?.id)) === 'stays-items', 'the focus stays with the list');
    },
  },
  { name: 'as-item', at: '#/sharing/as/req_1/item?of=itm_metoprolol', before: async (page) => page.locator('.asthem').waitFor() },
  { name: 'as-document', at: '#/sharing/as/req_1/item?of=itm_summary', before: async (page) => page.locator('.asthem').waitFor() },
  { name: 'as-item-gone', at: '#/sharing/as/req_1/item?of=itm_gone', before: async (page) => page.locator('section[role=alert]').waitFor() },
];
