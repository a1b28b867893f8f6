import { holds, tabTo, type Case } from './case';

/** Finding, connecting, bringing in, checking. */
export const connect: Case[] = [
  { name: 'connections', at: '#/connections' },
  { name: 'connections-empty', at: '#/connections', world: 'empty' },
  { name: 'connections-failing', at: '#/connections/connection/con_1', world: 'failing' },
  { name: 'connection', at: '#/connections/connection/con_1' },
  {
    name: 'connection-ended',
    at: '#/connections/connection/con_1',
    world: 'unrevoked',
    before: async (page) => {
      await page.locator('.btn--danger-outline').click();
      await page.locator('.notice').waitFor();
    },
  },
  { name: 'connection-name', at: '#/connections/connection/con_1/name', before: async (page) => page.locator('#new-name').waitFor() },
  {
    name: 'connect',
    at: '#/connections/add',
    before: async (page) => {
      await page.locator('#q').fill('harbour');
      await page.locator('.row').first().waitFor();
    },
    then: async (page) => {
      const asked = async () => page.evaluate(() => (window as unknown as { asked: Record<string, number> }).asked['directory_search'] ?? 0);
      const before = await asked();
      await page.waitForTimeout(300);
      holds((await asked()) === before, 'a search asks once');
      await page.locator('#q').focus();
      await tabTo(page, 'Harbourline Health');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Sign in to Harbourline Health in your browser' }).waitFor();
    },
  },
  {
    name: 'connect-none',
    at: '#/connections/add',
    before: async (page) => {
      await page.locator('#q').fill('zzz');
      await page.locator('details[open] #address').waitFor();
    },
    then: async (page) => {
      await page.locator('#address').focus();
      await page.keyboard.type('fhir.example');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary a').waitFor();
    },
  },
  { name: 'connect-no-directory', at: '#/connections/add', world: 'empty' },
  {
    name: 'connect-failed',
    at: '#/connections/add',
    world: 'empty',
    before: async (page) => {
      await page.locator('#address').fill('https://broken.example');
      await page.locator('form:has(#address) button[type=submit]').click();
      await page.locator('section[role=alert]').waitFor();
    },
  },
  { name: 'launch', at: '#/connections/launch/7', before: async (page) => page.locator('progress').waitFor() },
  { name: 'launch-discovering', at: '#/connections/launch/7', world: 'discovering', before: async (page) => page.locator('progress').waitFor() },
  { name: 'launch-failed', at: '#/connections/launch/7', world: 'refused', before: async (page) => page.locator('section[role=alert]').waitFor() },
  { name: 'launch-late', at: '#/connections/launch/7', world: 'late', before: async (page) => page.locator('section[role=alert]').waitFor() },
  {
    name: 'launch-connected',
    at: '#/connections/launch/7',
    world: 'connected',
    before: async (page) => page.locator('.kinds').waitFor(),
    then: async (page) => holds(page.url().includes('#/connections/pull/'), 'a launch that is done leads to bringing in'),
  },
  { name: 'pull', at: '#/connections/pull/pul_1', world: 'running', before: async (page) => page.locator('.kinds').waitFor() },
  { name: 'pull-slowed', at: '#/connections/pull/pul_1', world: 'slowed', before: async (page) => page.locator('.notice').waitFor() },
  {
    name: 'report',
    at: '#/connections/report/con_1',
    before: async (page) => page.locator('table').waitFor(),
  },
  { name: 'report-arrives', at: '#/connections/pull/pul_1', world: 'arrived', before: async (page) => page.locator('table').waitFor() },
  { name: 'report-nothing', at: '#/connections/report/con_1', world: 'nothing-new', before: async (page) => page.locator('table').waitFor() },
  {
    name: 'report-unreleased',
    at: '#/connections/report/con_1',
    world: 'unreleased',
    before: async (page) => page.locator('table').waitFor(),
    then: async (page) => holds(!(await page.locator('main').innerText()).includes('nothing that is not here already'), 'what was not released is not called known'),
  },
  { name: 'report-stopped', at: '#/connections/report/con_1', world: 'stopped', before: async (page) => page.locator('table').waitFor() },
  { name: 'report-none', at: '#/connections/report/con_1', world: 'empty' },
  { name: 'doctor', at: '#/connections/doctor?address=https%3A%2F%2Ffhir.harbourline.example%2Fr4', before: async (page) => page.locator('.evidence').waitFor() },
  { name: 'doctor-well', at: '#/connections/doctor?address=https%3A%2F%2Ffhir.harbourline.example%2Fr4', world: 'well', before: async (page) => page.locator('.evidence').waitFor() },
  { name: 'doctor-ask', at: '#/connections/doctor' },
];
