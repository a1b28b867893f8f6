import { holds, tabTo, type Case } from './case';

/** Settings, keys, people, activity. */
export const rest: Case[] = [
  {
    name: 'settings',
    at: '#/settings',
    then: async (page) => {
      await tabTo(page, 'Change theme');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Light or dark' }).waitFor();
      await tabTo(page, 'Light');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'Save');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      holds((await page.evaluate(() => document.documentElement.dataset['theme'])) === 'dark', 'the theme is applied');
      await page.waitForFunction(() => document.activeElement?.textContent?.includes('Change theme'));
    },
  },
  { name: 'settings-language', at: '#/settings/language' },
  { name: 'settings-lock', at: '#/settings/lock' },
  { name: 'settings-shortcuts', at: '#/settings/shortcuts' },
  { name: 'settings-closing', at: '#/settings/closing' },
  { name: 'keys', at: '#/settings/keys', before: async (page) => page.locator('.rows').first().waitFor() },
  { name: 'keys-empty', at: '#/settings/keys', world: 'empty' },
  { name: 'keys-failing', at: '#/settings/keys', world: 'failing', before: async (page) => page.locator('section[role=alert]').waitFor() },
  {
    name: 'key',
    at: '#/settings/keys/key/did_2',
    before: async (page) => page.locator('.compare').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Retire this key');
      await page.keyboard.press('Enter');
      await page.locator('.notice').waitFor();
    },
  },
  { name: 'key-retired', at: '#/settings/keys/key/did_0', before: async (page) => page.locator('.notice').waitFor() },
  { name: 'key-name', at: '#/settings/keys/key/did_1/name', before: async (page) => page.locator('#new-name').waitFor() },
  { name: 'key-add', at: '#/settings/keys/add' },
  {
    name: 'person-add',
    at: '#/settings/people/add',
    then: async (page) => {
      await tabTo(page, 'Name');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.type('Nora Calder');
      await tabTo(page, 'My child');
      await page.keyboard.press('Space');
      await tabTo(page, 'Add this person');
      await page.keyboard.press('Enter');
      await page.locator('.row__title', { hasText: 'Nora Calder' }).waitFor();
    },
  },
  {
    name: 'person-add-bad',
    at: '#/settings/people/add',
    before: async (page) => {
      await page.locator('button[type=submit]').click();
      await page.locator('.error-summary').waitFor();
    },
  },
  { name: 'person', at: '#/settings/people/person/per_2' },
  {
    name: 'activity',
    at: '#/activity',
    before: async (page) => page.locator('.timeline').first().waitFor(),
    then: async (page) => {
      await page.locator('#what').selectOption('failed');
      await page.waitForFunction(() => document.querySelectorAll('.timeline > li').length === 1);
    },
  },
  { name: 'activity-empty', at: '#/activity', world: 'empty' },
  { name: 'activity-broken', at: '#/activity', world: 'broken', before: async (page) => page.locator('.notice--no').waitFor() },
  {
    name: 'activity-none',
    at: '#/activity',
    before: async (page) => {
      await page.locator('#to').fill('2001-01-01');
      await page.locator('.empty').waitFor();
    },
  },
  {
    name: 'activity-huge',
    at: '#/activity',
    world: 'huge',
    before: async (page) => page.locator('.timeline').first().waitFor(),
    then: async (page) => {
      await page.getByRole('button', { name: 'Show older entries' }).click();
      await page.getByText('400 of 1,200 entries').first().waitFor();
    },
  },
];
