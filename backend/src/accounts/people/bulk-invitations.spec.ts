import { afterAll, beforeAll, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type TestApp } from '../../start/test-app.testing.js';
import { Mailbox } from '../mailbox.testing.js';

let test: TestApp;
let mailbox: Mailbox;
let admin: { Cookie: string };
beforeAll(async () => {
  test = await startTestApp();
  const { emails } = await seedPeople(test);
  mailbox = await Mailbox.of(test);
  admin = await signedIn(test.url, emails.admin);
});
afterAll(() => test.close());

const invite = (body: unknown, headers: Record<string, string> = {}) =>
  send(`${test.url}/api/users/invitations`, 'POST', body, { ...admin, ...headers });
const inviteFile = (text: string) => invite(text, { 'Content-Type': 'text/csv; charset=utf-8' });

it('invites everyone whose line is right, and says of every other line what to do', async () => {
  const report = await inviteFile(
    [
      'email,name,role,customer,language',
      'ada@example.org,Ada Lovelace,tenant-operator,,de',
      'no address,,tenant-operator,,',
      'grace@example.org,"Hopper, Grace",customer-user,Customer A,',
      'ADA@example.org,,tenant-operator,,',
      'king@example.org,,system-administrator,,',
      'lost@example.org,,customer-user,Nobody,',
      'alone@example.org,,customer-user,,',
      'sheet@example.org,"=HYPERLINK(""http://evil"")",tenant-operator,,',
      'polyglot@example.org,,tenant-operator,,fr',
    ].join('\r\n'),
  );
  expect(report).toMatchObject({ status: 200, body: { invited: 2, refused: 7 } });
  const lines = report.body['lines'] as {
    line: number;
    email: string;
    problem: { code: string; detail?: string } | null;
  }[];
  expect(lines.map(({ line, problem }) => [line, problem && `${problem.code} ${problem.detail ?? ''}`])).toEqual([
    [2, null],
    [3, 'validation-failed email: must be an email address'],
    [4, null],
    [5, 'name-taken Another user has this email address.'],
    [6, 'validation-failed role: must be tenant-administrator, tenant-operator or customer-user'],
    [7, 'validation-failed customer: There is no customer "Nobody"'],
    [8, 'validation-failed customerId: must name the customer'],
    [9, 'validation-failed name: must not begin with = + - or @: spreadsheets would run it'],
    [10, 'validation-failed language: must be empty or one of en, de'],
  ]);
  expect(await mailbox.to('ada@example.org')).toMatchObject([{ template: 'activation', language: 'de' }]);
  expect(await mailbox.to('grace@example.org')).toMatchObject([{ template: 'activation', language: 'en' }]);
});

it('takes the same as JSON', async () => {
  const report = await invite({ rows: [{ email: 'json@example.org', role: 'tenant-operator' }, { email: 'x' }] });
  expect(report.body).toMatchObject({
    invited: 1,
    refused: 1,
    lines: [{ line: 1, userId: expect.any(String) }, { line: 2 }],
  });
});

it('refuses a file that it cannot read as a whole, and invites nobody', async () => {
  const refusal = async (text: string) => {
    const { status, body } = await inviteFile(text);
    return [status, (body['errors'] as { message: string }[] | undefined)?.[0]?.message];
  };
  const columns =
    'The file must begin with a line that names the columns: email, and if wanted name, role, customer, language';
  expect(await refusal('whole@example.org,Whole')).toEqual([400, columns]);
  expect(await refusal('email,shoe size\nwhole@example.org,43')).toEqual([400, columns]);
  expect(await refusal('email\n"whole@example.org')).toEqual([
    400,
    'The file A quote in line 2 is not closed or stands in the middle of a cell',
  ]);
  expect(await refusal('email')).toEqual([400, 'The file must have 1 to 500 lines below the names of the columns']);
  const many = Array.from({ length: 501 }, (_, n) => `whole${n}@example.org`).join('\n');
  expect(await refusal(`email\n${many}`)).toEqual([
    400,
    'The file must have 1 to 500 lines below the names of the columns',
  ]);
  expect(await test.database.query(`SELECT 1 FROM user_account WHERE email LIKE 'whole%'`)).toEqual([]);
});

it('is for administrators alone', async () => {
  const operator = await signedIn(test.url, 'operator@example.org');
  expect((await invite({ rows: [{ email: 'x@example.org' }] }, operator)).status).toBe(403);
});
