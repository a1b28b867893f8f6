#!/usr/bin/env node
// The person's browser, and the person: opens the address it is given in Chromium, signs in, chooses, allows, and is
// sent back to the window. In window tests the system's browser is this file. Who signs in, and what they decide:
//   SIGN_IN_USER, SIGN_IN_PASSWORD   name and password
//   SIGN_IN_PERSON                   words in the name of the record to choose; the first one otherwise
//   SIGN_IN_DECISION                 "deny" to refuse
//   SIGN_IN_HOLD                     a file: while it is there, the person looks at the page and waits
import { mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from '../../ui/node_modules/playwright-core/index.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const STEPS = 8;

const env = process.env;
const folders = (env.PATH ?? '').split(delimiter);
const executablePath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
if (!executablePath) throw new Error('no Chromium is installed');

const profile = await mkdtemp(join(tmpdir(), 'browser-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'],
});
try {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(15_000);
  await page.goto(process.argv[2] ?? 'about:blank');
  while (env.SIGN_IN_HOLD && existsSync(env.SIGN_IN_HOLD)) await page.waitForTimeout(100);
  for (let step = 0; step < STEPS; step += 1) {
    const button = page.locator('#sign-in, #continue, #allow').first();
    if ((await button.count()) === 0) break;
    const id = await button.getAttribute('id');
    if (id === 'sign-in') {
      await page.fill('#username', env.SIGN_IN_USER ?? '');
      await page.fill('#password', env.SIGN_IN_PASSWORD ?? '');
    }
    if (id === 'continue' && env.SIGN_IN_PERSON) await page.getByLabel(env.SIGN_IN_PERSON).check();
    const press = id === 'allow' && env.SIGN_IN_DECISION === 'deny' ? page.locator('#deny') : button;
    await Promise.all([page.waitForNavigation(), press.click()]);
    // The same page once more is an answer of its own: a name or password that is not right.
    if (id === 'sign-in' && (await page.locator('#wrong').count()) > 0) break;
  }
  console.log(`the browser shows: ${await page.title()}`);
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}
