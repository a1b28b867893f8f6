import { holds, tabTo, type Case } from './case';

/** Before the vault is open. */
export const doors: Case[] = [
  {
    name: 'welcome',
    at: '',
    world: 'fresh',
    then: async (page) => {
      await page.keyboard.press('Tab');
      holds(await page.evaluate(() => document.activeElement?.id === 'name'), 'the first stop is the name');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary').waitFor();
      holds((await page.title()).startsWith('Error: '), 'the title says that there is an error');
      holds(await page.evaluate(() => document.activeElement?.classList.contains('error-summary') ?? false), 'the summary has the focus');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.type('Ines Calder');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
    },
  },
  {
    name: 'welcome-passphrase',
    at: '',
    world: 'fresh',
    before: async (page) => {
      await page.locator('input[value=passphrase]').check();
      await page.locator('#name').fill('Ines Calder');
      await page.locator('#passphrase').fill('short');
      await page.locator('button[type=submit]').click();
      await page.locator('.error-summary').waitFor();
    },
  },
  {
    name: 'welcome-no-store',
    at: '',
    world: 'fresh-nostore',
    before: async (page) => {
      await page.locator('#name').fill('Ines Calder');
      await page.locator('button[type=submit]').click();
      await page.locator('.notice--warn').waitFor();
    },
    then: async (page) => holds(await page.locator('input[value=keychain]').isChecked(), 'the passphrase is offered, never chosen'),
  },
  {
    name: 'unlock',
    at: '',
    world: 'locked',
    then: async (page) => {
      await tabTo(page, 'Passphrase');
      await page.keyboard.type('correct horse battery');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
      holds(await page.evaluate(() => document.activeElement?.tagName === 'H1'), 'the focus is on the heading');
    },
  },
  {
    name: 'unlock-wrong',
    at: '',
    world: 'locked',
    before: async (page) => {
      for (let times = 0; times < 4; times += 1) {
        await page.locator('#passphrase').fill('wrong');
        await page.locator('button[type=submit]').click();
        await page.locator('.error-summary').waitFor();
      }
      await page.locator('[aria-disabled=true]').waitFor();
    },
  },
  { name: 'unlock-store', at: '', world: 'locked-keychain' },
  { name: 'keychain-missing', at: '', world: 'keychain-missing' },
  { name: 'keychain-locked', at: '', world: 'keychain-locked' },
  { name: 'keychain-refused', at: '', world: 'keychain-refused' },
  { name: 'keychain-gone', at: '', world: 'keychain-keyGone' },
];
