import { holds, tabTo, type Case } from './case';

export const record: Case[] = [
  {
    name: 'records',
    at: '#/record?kind=lab',
    then: async (page) => {
      await page.fill('#q', 'ferittin');
      await page.getByText('Nothing found for “ferittin”').first().waitFor();
      await page.getByRole('button', { name: 'ferritin', exact: true }).click();
      await page.getByRole('link', { name: 'Ferritin' }).waitFor();
      holds((await page.inputValue('#q')) === 'ferritin', 'the better spelling stands in the field');
    },
  },
  { name: 'records-all', at: '#/record', then: async (page) => {
      await tabTo(page, 'Hemoglobin A1c');
      await page.keyboard.press('ArrowDown');
      holds((await page.evaluate(() => document.activeElement?.textContent)) === 'Potassium', 'the arrow leads to the next row');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Potassium' }).waitFor();
      await page.goBack();
      await page.waitForFunction(() => document.activeElement?.textContent === 'Potassium');
    } },
  {
    name: 'records-huge',
    at: '#/record',
    world: 'huge',
    then: async (page) => {
      for (let step = 0; step < 8; step += 1) await page.getByRole('button', { name: 'Show 50 more' }).click();
      await page.getByText('151 to 450 of 104,233').first().waitFor();
      holds((await page.locator('main .row').count()) === 300, 'the page holds three hundred rows at most');
      await page.getByRole('button', { name: 'Show the 50 before these' }).click();
      await page.getByText('101 to 400 of 104,233').first().waitFor();
    },
  },
  { name: 'records-none', at: '#/record?words=ferittin&kind=lab&from=2025-11-20' },
  { name: 'records-empty', at: '#/record', world: 'empty' },
  { name: 'records-failing', at: '#/record', world: 'failing' },
  { name: 'lab', at: '#/record/lab/itm_a1c' },
  { name: 'lab-one', at: '#/record/lab/itm_vitamin' },
  { name: 'lab-words', at: '#/record/lab/itm_culture' },
  { name: 'lab-units', at: '#/record/lab/itm_glucose' },
  { name: 'lab-many', at: '#/record/lab/itm_many' },
  { name: 'lab-parts', at: '#/record/lab/itm_pressure' },
  { name: 'item-medication', at: '#/record/item/itm_metoprolol' },
  { name: 'item-condition', at: '#/record/item/itm_hypertension' },
  { name: 'item-gone', at: '#/record/item/itm_gone' },
  {
    name: 'document-pdf',
    at: '#/record/document/itm_summary',
    before: async (page) => {
      await page.locator('canvas').waitFor();
      await page.waitForTimeout(200);
    },
    then: async (page) => {
      await page.getByRole('button', { name: 'Next page' }).click();
      await page.getByText('Page 2 of 3').first().waitFor();
      await page.getByRole('button', { name: 'As plain text' }).click();
      await page.locator('article', { hasText: '128/76 mmHg' }).waitFor();
    },
  },
  { name: 'document-text', at: '#/record/document/itm_long', before: (page) => page.locator('article').waitFor() },
  { name: 'document-image', at: '#/record/document/itm_picture', before: (page) => page.locator('main img').waitFor() },
  { name: 'document-unknown', at: '#/record/document/itm_unknown' },
  { name: 'document-missing', at: '#/record/document/itm_missing' },
];
