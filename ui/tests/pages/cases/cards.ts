import type { Page } from 'playwright-core';
import { holds, tabTo, type Case } from './case';

const paste = async (page: Page, text: string): Promise<void> => {
  await page.fill('#text', text);
  await page.locator('main form button[type="submit"]').click();
};

export const cards: Case[] = [
  {
    name: 'cards',
    at: '#/cards',
    then: async (page) => {
      await page.locator('#card-crd_1').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.waitForFunction(() => document.activeElement?.id === 'chosen' && document.activeElement.textContent === 'Member card');
      await tabTo(page, 'Remove');
      await page.keyboard.press('Enter');
      await page.getByText('“Member card” is removed.').first().waitFor();
      await page.waitForFunction(() => document.activeElement?.textContent?.includes('Put it back'));
      await page.keyboard.press('Enter');
      await page.locator('#card-crd_3').waitFor();
    },
  },
  { name: 'cards-expired', at: '#/cards/card/crd_4' },
  { name: 'cards-newer', at: '#/cards/card/crd_5' },
  { name: 'cards-address', at: '#/cards/card/crd_6' },
  { name: 'cards-empty', at: '#/cards', world: 'empty' },
  { name: 'cards-removed', at: '#/cards/removed' },
  {
    name: 'card-show',
    at: '#/cards/card/crd_1/show',
    then: async (page) => {
      await page.keyboard.press('Escape');
      await page.getByRole('heading', { level: 1, name: 'Cards' }).waitFor();
    },
  },
  {
    name: 'card-show-parts',
    at: '#/cards/card/crd_2/show',
    then: async (page) => {
      await page.getByText('Part 1 of 3').first().waitFor();
      await page.waitForTimeout(1500);
      holds(await page.getByText('Part 1 of 3').first().isVisible(), 'nothing moves by itself where less motion was asked for');
      await page.getByRole('button', { name: 'Next part' }).click();
      await page.getByText('Part 2 of 3').first().waitFor();
      await page.locator('h1').focus();
      await page.keyboard.press(' ');
      await page.getByText('Part 3 of 3').first().waitFor();
    },
  },
  { name: 'card-add', at: '#/cards/add', then: async (page) => {
      await page.locator('main form button[type="submit"]').click();
      await page.getByText('Paste the text of a card, or choose a file').first().waitFor();
      await page.fill('#text', 'shc:/1/3/567');
      await page.keyboard.press('Enter');
      await page.getByText('Parts 2 and 3 of this card are still missing.').first().waitFor();
      await page.fill('#text', 'shc:/2/3/567');
      await page.keyboard.press('Enter');
      await page.getByText('Part 3 of this card is still missing.').first().waitFor();
    } },
  { name: 'card-added', at: '#/cards/add', before: async (page) => {
      await paste(page, 'eyJ');
      await page.locator('main .rows a').first().waitFor();
    } },
  { name: 'card-add-bad', at: '#/cards/add', before: async (page) => {
      await paste(page, 'bad');
      await page.locator('.notice--no').first().waitFor();
    } },
  { name: 'card-check', at: '#/cards/check' },
  { name: 'card-checked', at: '#/cards/check', before: async (page) => {
      await paste(page, 'keys');
      await page.locator('.result').nth(0).waitFor();
      await paste(page, 'changed');
      await page.locator('.result').nth(1).waitFor();
      await paste(page, 'good');
      await page.locator('.result').nth(2).waitFor();
    } },
  { name: 'card-check-nothing', at: '#/cards/check', before: async (page) => {
      await paste(page, 'hello');
      await page.locator('main .notice').waitFor();
    } },
];
