import { holds, tabTo, type Case } from './case';

const rows = async (page: import('playwright-core').Page) => page.locator('.rows').first().waitFor();
const said = async (page: import('playwright-core').Page) => page.locator('section[role=alert]').waitFor();

/** Two Satchels: contact cards, mandates held, erasing; the inbox. */
export const mandates: Case[] = [
  {
    name: 'contact-meet',
    at: '#/sharing/contacts/meet',
    then: async (page) => {
      await tabTo(page, 'Make the card');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.type('Grace Rowntree');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'A contact card for Grace Rowntree' }).waitFor();
      holds((await page.locator('main .qr svg').count()) === 1, 'the card is there as a code');
    },
  },
  { name: 'contact-meet-closed', at: '#/sharing/contacts/meet', world: 'empty', before: async (page) => page.locator('.notice').waitFor() },
  {
    name: 'contact-read',
    at: '#/sharing/contacts/read',
    then: async (page) => {
      await tabTo(page, 'Take in their card');
      await page.keyboard.press('Enter');
      await page.getByText('Paste the text, or choose a file.').waitFor();
      await page.keyboard.type('eyJ');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Compare a code with Nora C.' }).waitFor();
    },
  },
  {
    name: 'contact-read-bad',
    at: '#/sharing/contacts/read',
    before: async (page) => {
      await page.locator('#text').fill('not a card');
      await page.locator('main .btn--primary').click();
      await said(page);
    },
  },
  {
    name: 'contact-read-picture',
    at: '#/sharing/contacts/read',
    before: async (page) => {
      await page.locator('input[type=file]').setInputFiles({ name: 'card.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47]) });
      await said(page);
    },
  },
  {
    name: 'pair-waiting',
    at: '#/sharing/contacts/card/par_1',
    before: async (page) => page.locator('main .qr svg').waitFor(),
    then: async (page) => {
      await page.locator('#text').fill('eyJ');
      await tabTo(page, 'Take in their card');
      await page.keyboard.press('Enter');
      await page.locator('.compare__code').waitFor();
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    },
  },
  {
    name: 'pair-compare',
    at: '#/sharing/contacts/card/par_2',
    before: async (page) => page.locator('.compare__code').waitFor(),
    then: async (page) => {
      await tabTo(page, 'It is the same');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'You know Nora Calder by their key' }).waitFor();
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
      holds((await page.locator('.compare__code').count()) === 0, 'there is nothing left to compare');
    },
  },
  {
    name: 'pair-different',
    at: '#/sharing/contacts/card/par_2',
    before: async (page) => {
      await page.locator('.compare__code').waitFor();
      await page.locator('main section .actions button').nth(1).click();
      await page.locator('.notice--no').waitFor();
    },
  },
  { name: 'pair-gone', at: '#/sharing/contacts/card/par_none', before: async (page) => page.locator('h1').waitFor() },
  { name: 'pair-failing', at: '#/sharing/contacts/card/par_1', world: 'failing', before: said },
  { name: 'shared-mandate', at: '#/sharing/share/grt_1/shared', before: async (page) => {
      await page.locator('#mandate').waitFor();
      await page.locator('section[aria-labelledby=mandate] button').click();
      await page.locator('main .qr svg').waitFor();
    },
  },
  { name: 'share-mandate-long', at: '#/sharing/share/grt_1', world: 'unused', before: async (page) => {
      await page.locator('section[aria-labelledby=mandate] button').click();
      await page.locator('section[aria-labelledby=mandate] details').waitFor();
    },
  },
  {
    name: 'share-end-asking',
    at: '#/sharing/share/grt_1',
    before: async (page) => page.locator('.seam').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Ask them to erase what they have');
      await page.keyboard.press('Space');
      await tabTo(page, 'End now');
      await page.keyboard.press('Enter');
      await page.getByText('You asked them to erase it').waitFor();
      await page.getByText('Nothing was heard yet.').waitFor();
    },
  },
  { name: 'share-erase-none', at: '#/sharing/share/grt_2', world: 'erase-none', before: async (page) => page.locator('#erasing').waitFor() },
  { name: 'share-erase-waiting', at: '#/sharing/share/grt_2', world: 'erase-waiting', before: async (page) => page.locator('.notice--unsure').waitFor() },
  { name: 'share-erase-refused', at: '#/sharing/share/grt_2', world: 'erase-refused', before: async (page) => page.locator('.notice--no').waitFor() },
  { name: 'share-erase-erased', at: '#/sharing/share/grt_2', world: 'erase-erased', before: async (page) => page.locator('.notice--ok').waitFor() },
  { name: 'held', at: '#/sharing?tab=held', world: 'lent', before: rows },
  { name: 'held-empty', at: '#/sharing?tab=held', world: 'empty', before: async (page) => page.locator('.empty').waitFor() },
  { name: 'held-failing', at: '#/sharing?tab=held', world: 'failing', before: said },
  { name: 'held-away', at: '#/sharing?tab=held', world: 'away', before: async (page) => page.locator('.notice--unsure').waitFor() },
  { name: 'held-huge', at: '#/sharing?tab=held', world: 'huge', before: rows },
  { name: 'held-erase-asked', at: '#/sharing?tab=held', world: 'erase-asked', before: async (page) => page.locator('.tag--warn').waitFor() },
  {
    name: 'mandate',
    at: '#/sharing/mandate/mnd_1',
    world: 'lent',
    before: async (page) => page.locator('main .btn--primary').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Bring in what is new');
      await page.keyboard.press('Enter');
      await page.getByText('The mandate has ended. Nothing more comes under it.').waitFor();
    },
  },
  {
    name: 'mandate-asking',
    at: '#/sharing/mandate/mnd_1',
    world: 'asking',
    before: async (page) => page.locator('main .btn--primary').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Look whether they have decided');
      await page.keyboard.press('Enter');
      await page.getByText('Bring in what is new').waitFor();
    },
  },
  { name: 'mandate-refused', at: '#/sharing/mandate/mnd_1', world: 'not-given', before: async (page) => page.locator('main .summary').first().waitFor() },
  {
    name: 'mandate-erase-asked',
    at: '#/sharing/mandate/mnd_1',
    world: 'erase-asked',
    before: async (page) => page.locator('.notice--warn').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Erase it …');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Erase what came from Mum' }).waitFor();
      await tabTo(page, 'Erase 412 items from Mum');
      await page.keyboard.press('Enter');
      await page.getByText('You erased what came under it').waitFor();
      await page.getByText('Mum was told').waitFor();
    },
  },
  {
    name: 'mandate-keep',
    at: '#/sharing/mandate/mnd_1',
    world: 'erase-asked',
    before: async (page) => page.locator('.notice--warn').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Keep it');
      await page.keyboard.press('Enter');
      await page.getByText('Mum is told when their Satchel answers next.').waitFor();
    },
  },
  { name: 'mandate-erased', at: '#/sharing/mandate/mnd_1', world: 'erased', before: async (page) => page.locator('.notice--ok').waitFor() },
  { name: 'mandate-kept', at: '#/sharing/mandate/mnd_1', world: 'kept', before: async (page) => page.locator('.notice').first().waitFor() },
  { name: 'mandate-gone', at: '#/sharing/mandate/mnd_none' },
  { name: 'mandate-failing', at: '#/sharing/mandate/mnd_1', world: 'failing', before: said },
  { name: 'mandate-erase', at: '#/sharing/mandate/mnd_1/erase', before: async (page) => page.locator('.btn--danger').waitFor() },
  { name: 'mandate-erase-done', at: '#/sharing/mandate/mnd_1/erase', world: 'erased', before: async (page) => page.locator('.notice').waitFor() },
  {
    name: 'mandate-take',
    at: '#/sharing/mandates/take',
    before: async (page) => page.locator('#text').waitFor(),
    then: async (page) => {
      await page.locator('#text').fill('eyJ');
      await tabTo(page, 'Take it in');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'What Mum lets you have' }).waitFor();
      await page.getByText('Edwin Calder', { exact: true }).last().waitFor();
    },
  },
  {
    name: 'mandate-take-whose',
    at: '#/sharing/mandates/take',
    world: 'lent',
    before: async (page) => {
      await page.locator('#text').fill('eyJ');
      await page.locator('main form .btn--primary').click();
      await page.locator('.error-summary').waitFor();
    },
  },
  {
    name: 'mandate-take-stranger',
    at: '#/sharing/mandates/take',
    world: 'stranger',
    before: async (page) => {
      await page.locator('#text').fill('something');
      await page.locator('main form .btn--primary').click();
      await said(page);
    },
  },
  {
    name: 'mandate-fetch-nothing',
    at: '#/sharing/mandates/take',
    before: async (page) => {
      await page.locator('main section .actions button').last().click();
      await said(page);
    },
  },
  { name: 'mandate-take-alone', at: '#/sharing/mandates/take', world: 'alone', before: async (page) => page.locator('.empty').waitFor() },
  {
    name: 'mandate-ask',
    at: '#/sharing/mandates/ask',
    world: 'lent',
    before: async (page) => page.locator('main .btn--primary').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Ask them');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.press('ArrowDown');
      await tabTo(page, 'Ask them');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing is released before.').waitFor();
    },
  },
  { name: 'mandate-ask-nobody', at: '#/sharing/mandates/ask', world: 'empty', before: async (page) => page.locator('.empty').waitFor() },
  { name: 'inbox', at: '#/sharing?tab=inbox', before: rows },
  { name: 'inbox-empty', at: '#/sharing?tab=inbox', world: 'empty', before: async (page) => page.locator('.empty').waitFor() },
  { name: 'inbox-failing', at: '#/sharing?tab=inbox', world: 'failing', before: said },
  { name: 'inbox-huge', at: '#/sharing?tab=inbox', world: 'huge', before: rows },
  {
    name: 'offer',
    at: '#/sharing/inbox/ofr_1',
    before: async (page) => page.locator('main .btn--primary').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Take it into the record');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'It is in the record now.' }).waitFor();
      await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    },
  },
  {
    name: 'offer-untitled',
    at: '#/sharing/inbox/ofr_2',
    before: async (page) => page.locator('main .btn--primary').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Throw it away');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'It was thrown away.' }).waitFor();
    },
  },
  { name: 'offer-gone', at: '#/sharing/inbox/ofr_none' },
  { name: 'lent-home', at: '#/', world: 'lent', before: async (page) => page.locator('main .notice').first().waitFor() },
  {
    name: 'lent-record',
    at: '#/record',
    world: 'lent',
    before: async (page) => page.locator('main .notice').first().waitFor(),
    then: async (page) => page.getByText('It is a part of this record, not all of it.').waitFor(),
  },
  { name: 'lent-item', at: '#/record/item/itm_hypertension', world: 'lent', before: async (page) => page.locator('.notice--warn').waitFor() },
  { name: 'lent-ended', at: '#/record', world: 'lent-ended', before: async (page) => page.locator('main .notice').first().waitFor() },
  { name: 'connection-mandate', at: '#/connections/connection/con_9', world: 'lent', before: async (page) => page.locator('main .summary').first().waitFor() },
  {
    name: 'connections-lent',
    at: '#/connections',
    world: 'lent',
    before: async (page) => page.locator('.rows').waitFor(),
    then: async (page) => {
      const inbox = page.locator('.row', { hasText: 'Nora Calder' });
      holds((await inbox.locator('button').count()) === 0, 'what came through the inbox has nothing to connect to');
    },
  },
  {
    name: 'home-erase-asked',
    at: '#/',
    world: 'erase-asked',
    before: async (page) => page.locator('main .notice--warn').first().waitFor(),
    then: async (page) => page.getByText('Mum asks you to erase what came under it').waitFor(),
  },
  {
    name: 'person-erase',
    at: '#/settings/people/person/per_2/erase',
    before: async (page) => page.locator('.btn--danger').waitFor(),
    then: async (page) => {
      await tabTo(page, 'Their name');
      await page.keyboard.type('Edwin');
      await page.keyboard.press('Enter');
      await page.locator('.error-summary').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.keyboard.press('End');
      await page.keyboard.type(' Calder');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
      holds((await page.getByText('Edwin Calder').count()) === 0, 'nobody of that name is left');
    },
  },
  { name: 'person-erase-lent', at: '#/settings/people/person/per_3/erase', world: 'lent', before: async (page) => page.locator('.btn--danger').waitFor() },
  {
    name: 'person-erase-failing',
    at: '#/settings/people/person/per_2/erase',
    world: 'failing',
    before: async (page) => {
      await page.locator('#typed-name').fill('Edwin Calder');
      await page.locator('.btn--danger').click();
      await said(page);
    },
  },
  { name: 'person-erase-me', at: '#/settings/people/person/per_1/erase' },
];
