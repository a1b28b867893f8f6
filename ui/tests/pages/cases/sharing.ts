import { holds, tabTo, type Case } from './case';

/** Sharing: requests, decisions, shares, contacts, mandates. */
export const sharing: Case[] = [
  {
    name: 'sharing',
    at: '#/sharing',
    before: async (page) => page.locator('.rows').first().waitFor(),
    then: async (page) => {
      await tabTo(page, 'Bedside Viewer');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Bedside Viewer asks to see part of your record' }).waitFor();
    },
  },
  { name: 'sharing-empty', at: '#/sharing', world: 'empty', before: async (page) => page.locator('.empty').waitFor() },
  { name: 'sharing-failing', at: '#/sharing', world: 'failing', before: async (page) => page.locator('section[role=alert]').waitFor() },
  { name: 'sharing-ended', at: '#/sharing?tab=ended', before: async (page) => page.locator('.rows').waitFor() },
  { name: 'sharing-contacts', at: '#/sharing?tab=contacts', before: async (page) => page.locator('.rows').last().waitFor() },
  {
    name: 'sharing-stop',
    at: '#/sharing',
    before: async (page) => page.locator('.btn--danger-outline').waitFor(),
    then: async (page) => {
      await tabTo(page, 'End all sharing');
      await page.keyboard.press('Enter');
      await page.getByText('1 share has ended.').waitFor();
    },
  },
  {
    name: 'request',
    at: '#/sharing/request/req_1',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Share with Bedside Viewer until I end it');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'You shared part of your record with' }).waitFor();
    },
  },
  {
    name: 'request-narrowed',
    at: '#/sharing/request/req_1',
    before: async (page) => {
      await page.locator('.seam').waitFor();
      await page.locator('main details summary').first().click();
      await page.locator('main details input[type=checkbox]').nth(1).check();
      await page.locator('input[name=review-0]').first().waitFor();
    },
    then: async (page) => {
      await page.getByLabel('Show it').check();
      holds(await page.getByLabel('Show it').isChecked(), 'the decision stays');
    },
  },
  {
    name: 'request-refused',
    at: '#/sharing/request/req_1',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Do not share');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'You did not share with Bedside Viewer' }).waitFor();
    },
  },
  {
    name: 'request-asked-back',
    at: '#/sharing/request/req_1',
    before: async (page) => {
      await page.locator('.seam').waitFor();
      await page.locator('main .actions .btn--quiet').last().click();
      await page.locator('#ask-back').waitFor();
    },
    then: async (page) => {
      holds((await page.evaluate(() => document.activeElement?.id)) === 'ask-back', 'the field has the focus');
      await page.keyboard.press('Enter');
      await page.getByText('Write your question.').waitFor();
      await page.keyboard.type('Why <all>?');
      await page.getByText('Leave out < and >.').waitFor();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('Which results do you need?');
      await page.keyboard.press('Enter');
      await page.getByText('“Which results do you need?”').waitFor();
      holds((await page.locator('main .btn--primary').count()) === 1, 'nothing was decided by it');
    },
  },
  {
    name: 'request-source',
    at: '#/sharing/request/req_1',
    before: async (page) => {
      await page.locator('.seam').waitFor();
      await page.locator('main details summary').first().click();
      await page.locator('main details label', { hasText: 'Fenwick Valley Clinic' }).locator('input').check();
      await page.locator('main details label', { hasText: '85' }).filter({ hasText: 'Fenwick' }).waitFor();
    },
    then: async (page) => {
      const hint = await page.locator('main details label', { hasText: 'Fenwick Valley Clinic' }).textContent();
      holds(hint?.includes('0 would go out, 85 stay') ?? false, `both sides of the source are counted: ${hint}`);
    },
  },
  {
    name: 'request-counting',
    at: '#/sharing/request/req_1',
    world: 'counting',
    before: async (page) => {
      await page.locator('.seam').waitFor();
      await page.locator('main details summary').first().click();
      await page.locator('main details input[type=checkbox]').nth(1).check();
    },
    then: async (page) => {
      const share = page.locator('main .btn--primary');
      holds((await share.getAttribute('aria-disabled')) === 'true', 'what is not counted yet is not shared');
      await share.press('Enter');
      await page.waitForTimeout(300);
      holds((await page.locator('h1').textContent())?.includes('asks to see') ?? false, 'a press before that shares nothing');
    },
  },
  { name: 'request-uma', at: '#/sharing/request/req_uma', before: async (page) => page.locator('.seam').waitFor() },
  { name: 'request-hospital', at: '#/sharing/request/req_hospital', before: async (page) => page.locator('.btn--primary').waitFor() },
  { name: 'request-wider', at: '#/sharing/request/req_1', world: 'wider', before: async (page) => page.locator('.notice--warn').waitFor() },
  { name: 'request-decided', at: '#/sharing/request/req_1', world: 'decided', before: async (page) => page.locator('.empty').waitFor() },
  { name: 'request-expired', at: '#/sharing/request/req_1', world: 'expired', before: async (page) => page.locator('.empty').waitFor() },
  {
    name: 'request-twice',
    at: '#/sharing/request/req_1',
    world: 'twice',
    before: async (page) => {
      await page.locator('.seam').waitFor();
      await page.locator('main .btn--primary').click();
      await page.locator('section[role=alert]').waitFor();
    },
  },
  { name: 'request-gone', at: '#/sharing/request/req_gone', before: async (page) => page.locator('section[role=alert]').waitFor() },
  { name: 'refused', at: '#/sharing/request/req_1/refused', world: 'refused', before: async (page) => page.locator('.actions .btn--primary').waitFor() },
  { name: 'shared', at: '#/sharing/share/grt_1/shared', before: async (page) => page.locator('.notice--ok').waitFor() },
  {
    name: 'share',
    at: '#/sharing/share/grt_1',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await tabTo(page, 'End now');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing can be read by it any more.').waitFor();
    },
  },
  {
    name: 'share-narrow',
    at: '#/sharing/share/grt_1/narrow',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await page.getByLabel('HIV').check();
      await page.locator('.seam').waitFor();
      await tabTo(page, 'Narrow the share with Nora Calder');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Nora Calder, my daughter' }).waitFor();
    },
  },
  { name: 'share-deidentified', at: '#/sharing/share/grt_1', world: 'deidentified', before: async (page) => page.locator('.seam').waitFor() },
  { name: 'sharing-ending', at: '#/sharing', world: 'ending', before: async (page) => page.locator('.rows').first().waitFor() },
  {
    name: 'home-ending',
    at: '#/',
    world: 'ending',
    before: async (page) => page.locator('.notice').first().waitFor(),
    then: async (page) => page.getByText('1 share ends within a week.').waitFor(),
  },
  {
    name: 'request-other-person',
    at: '#/sharing/request/req_1',
    world: 'other-person',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await page.getByRole('heading', { level: 1, name: 'Bedside Viewer asks to see part of the record of Edwin Calder' }).waitFor();
      await tabTo(page, 'Share with Bedside Viewer until I end it');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'You shared part of the record of Edwin Calder with' }).waitFor();
    },
  },
  {
    name: 'sharing-other-person',
    at: '#/sharing',
    world: 'other-person',
    before: async (page) => page.locator('.empty').waitFor(),
    then: async (page) => holds((await page.getByText('Nora Calder').count()) === 0, 'shares of one person are not on the page of another'),
  },
  { name: 'as-other-person', at: '#/sharing/as/req_1', world: 'other-person', before: async (page) => page.locator('.asthem').waitFor() },
  { name: 'share-unused', at: '#/sharing/share/grt_1', world: 'unused', before: async (page) => page.locator('.seam').waitFor() },
  { name: 'share-ended', at: '#/sharing/share/grt_2', before: async (page) => page.locator('.notice').waitFor() },
  { name: 'seen', at: '#/sharing/share/grt_1/seen?on=2026-11-18', before: async (page) => page.locator('.seam').waitFor() },
  { name: 'seen-differs', at: '#/sharing/share/grt_1/seen?on=2026-11-18', world: 'broken', before: async (page) => page.locator('.notice--no').waitFor() },
  { name: 'give', at: '#/sharing/give', before: async (page) => page.locator('.rows').waitFor() },
  {
    name: 'give-to',
    at: '#/sharing/give/cnt_1',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Give Nora Calder this mandate');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'You shared part of your record with' }).waitFor();
    },
  },
  {
    name: 'contact-add',
    at: '#/sharing/contacts/add',
    then: async (page) => {
      await tabTo(page, 'Add this contact');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.type('Grace Rowntree');
      await page.keyboard.press('Tab');
      await page.keyboard.type('did:key:z6MkqRYqQiSgvZQdnBytw86Qbs2ZWUkGv22od935YF4s8M7V');
      await page.keyboard.press('Enter');
      await page.locator('.row__title', { hasText: 'Grace Rowntree' }).waitFor();
    },
  },
];
