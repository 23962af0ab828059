import { NOTICES, type Notice } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { seedPeople, startTestApp, type People, type TestApp } from '../start/test-app.testing.js';
import { NoticeRecipients } from './index.js';

let test: TestApp;
let people: People;
let recipients: NoticeRecipients;
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  recipients = test.app.get(NoticeRecipients);
});
afterAll(() => test.close());

const told = async (notice: Notice, tenantId = people.tenantId) =>
  (await recipients.of(tenantId, notice)).map(({ address }) => address);
const choose = (email: string, notices: object) =>
  test.database.query('UPDATE user_account SET notices = $2 WHERE email = $1', [email, notices]);

it('tells the administrators of the scope everything until somebody chooses otherwise', async () => {
  for (const notice of NOTICES) expect([notice, await told(notice)]).toEqual([notice, [people.emails.admin]]);
  expect(await told('oauth-ended', SYSTEM_TENANT_ID)).toEqual([people.emails.system]);
});

it('says the language of each: the own one, or that of the tenant', async () => {
  await test.database.query(`UPDATE tenant SET language = 'de' WHERE id = $1`, [people.tenantId]);
  expect(await recipients.of(people.tenantId, 'quota-near')).toMatchObject([{ language: 'de' }]);
  await test.database.query(`UPDATE user_account SET language = 'en' WHERE email = $1`, [people.emails.admin]);
  expect(await recipients.of(people.tenantId, 'quota-near')).toMatchObject([
    { language: 'en', userId: expect.any(String) },
  ]);
});

it('follows the default of a role, and a person’s own choice over it', async () => {
  const notices = { 'oauth-ended': ['tenant-operator'] };
  await test.database.query('UPDATE tenant SET notices = $2 WHERE id = $1', [people.tenantId, notices]);
  expect(await told('oauth-ended')).toEqual([people.emails.operator]);
  expect(await told('quota-near')).toEqual([people.emails.admin]);
  await choose(people.emails.admin, { 'oauth-ended': true, 'quota-near': false });
  await choose(people.emails.operator, { 'oauth-ended': false });
  expect([await told('oauth-ended'), await told('quota-near')]).toEqual([[people.emails.admin], []]);
});

it('tells nobody who cannot sign in, and no customer', async () => {
  await choose(people.emails.customer, { 'quota-reached': true });
  expect(await told('quota-reached')).toEqual([people.emails.admin]);
  await test.database.query('UPDATE user_account SET active = false WHERE email = $1', [people.emails.admin]);
  expect(await told('quota-reached')).toEqual([]);
});
