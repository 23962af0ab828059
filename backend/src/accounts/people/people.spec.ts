import { randomUUID } from 'node:crypto';

import type { User } from '@signalpost/contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../../start/test-app.testing.js';
import { Mailbox } from '../mailbox.testing.js';

type Session = Readonly<Record<string, string>>;

let test: TestApp;
let people: People;
let mailbox: Mailbox;
let [system, admin, operator, customer, stranger]: Session[] = [];
beforeAll(async () => {
  test = await startTestApp();
  people = await seedPeople(test);
  mailbox = await Mailbox.of(test);
  const { emails } = people;
  [system, admin, operator, customer, stranger] = await Promise.all(
    [emails.system, emails.admin, emails.operator, emails.customer, emails.stranger].map((email) =>
      signedIn(test.url, email),
    ),
  );
});
afterAll(() => test.close());
beforeEach(() => test.database.query('DELETE FROM sign_in_count'));

const users = async (method: string, path: string, as: Session | undefined, body?: unknown) =>
  send(`${test.url}/api/users${path}`, method, body, { 'If-Match': '"1"', ...as });
const invite = (as: Session | undefined, email: string, more: object = {}) =>
  users('POST', '', as, { email, role: 'tenant-operator', ...more });
const found = async (as: Session | undefined, query: string): Promise<User[]> =>
  (await users('GET', `?limit=100&${query}`, as)).body['items'] as User[];
const emails = async (as: Session | undefined, query = '') => (await found(as, query)).map(({ email }) => email);
const idOf = async (email: string): Promise<string> => {
  const rows = await test.database.query<{ id: string }>('SELECT id FROM user_account WHERE email = $1', [email]);
  return rows[0]?.id ?? '';
};
const changes = (more: object) => ({ name: '', language: null, role: 'tenant-operator', customerId: null, ...more });
const audited = async (email: string): Promise<string[]> => {
  const sql = 'SELECT action FROM audit_event WHERE entity_name = $1 ORDER BY at, id';
  return (await test.database.query<{ action: string }>(sql, [email])).map(({ action }) => action);
};

it('invites a user by mail, in the language that was chosen, and writes down who did', async () => {
  const made = await invite(admin, 'ada@example.org', { name: 'Ada', language: 'de' });
  expect(made).toMatchObject({
    status: 201,
    body: {
      email: 'ada@example.org',
      name: 'Ada',
      role: 'tenant-operator',
      tenant: { id: people.tenantId, name: 'Plant' },
      customer: null,
      language: 'de',
      active: true,
      invitation: { state: 'queued', reply: null, advice: null, expiresAt: expect.any(Number) },
    },
  });
  expect(await mailbox.to('ada@example.org')).toMatchObject([
    {
      template: 'activation',
      language: 'de',
      variables: {
        link: expect.stringMatching(/^http:\/\/signalpost\.test\/activate\?token=[\w-]{43}$/),
        tenantName: 'Plant',
        inviterName: 'admin@example.org',
      },
    },
  ]);
  expect(await audited('ada@example.org')).toEqual(['user.created', 'user.invited']);
});

it('shows what became of the invitation, with the words of the server and what to do', async () => {
  const id = String((await invite(admin, 'mia@example.org')).body['id']);
  const invitation = async () => (await users('GET', `/${id}`, admin)).body['invitation'];
  await mailbox.settle('mia@example.org', 'accepted', '250 2.0.0 queued as 4711');
  expect(await invitation()).toMatchObject({ state: 'accepted', reply: '250 2.0.0 queued as 4711', advice: null });
  await users('POST', `/${id}/invitation`, admin);
  expect(await invitation()).toMatchObject({ state: 'queued' });
  await mailbox.settle('mia@example.org', 'refused', '550 5.1.1 no such user');
  expect(await invitation()).toMatchObject({
    state: 'refused',
    reply: '550 5.1.1 no such user',
    advice: 'Check the address.',
  });
  await test.database.query(`UPDATE account_link SET expires_at = now() WHERE user_id = $1`, [id]);
  expect(await invitation()).toMatchObject({ state: 'expired' });
  await test.database.query(`UPDATE account_link SET opened_at = now() WHERE user_id = $1`, [id]);
  await users('POST', `/${id}/invitation`, admin);
  expect(await invitation()).toMatchObject({ state: 'queued' }); // who opened an old link has not opened the new one
});

it('makes a user without a mail, and shows the link instead', async () => {
  const made = await invite(admin, 'paper@example.org', { sendMail: false });
  expect(made.body).toMatchObject({ invitation: { state: 'not-sent', expiresAt: null } });
  expect(await mailbox.to('paper@example.org')).toEqual([]);
  const shown = await users('POST', `/${String(made.body['id'])}/link`, admin);
  expect(shown).toMatchObject({
    status: 201,
    body: { purpose: 'activation', url: expect.stringMatching(/^http:\/\/signalpost\.test\/activate\?token=/) },
  });
  expect(await audited('paper@example.org')).toEqual(['user.created', 'user.invitation-link-shown']);
});

it('shows a link to a new password for who is active already, and sends no second invitation', async () => {
  const id = await idOf(people.emails.operator);
  const shown = await users('POST', `/${id}/link`, admin);
  expect(shown.body).toMatchObject({ purpose: 'password-reset', url: expect.stringContaining('/reset?token=') });
  expect(await users('POST', `/${id}/invitation`, admin)).toMatchObject({ status: 409, body: { code: 'user-state' } });
});

it('keeps no token of a link, and shows none in a list, the log or the audit', async () => {
  await invite(admin, 'secret@example.org');
  const token = await mailbox.tokenOf('secret@example.org', 'activation');
  const [row] = await test.database.query<{ all: string }>(
    `SELECT (SELECT string_agg(l::text, '') FROM account_link l) || (SELECT string_agg(a::text, '') FROM audit_event a)
       || (SELECT string_agg(d::text, '') FROM delivery d) AS all`,
  );
  expect(row?.all).not.toContain(token);
  expect(JSON.stringify(await found(admin, ''))).not.toContain(token);
});

it('finds users by name, address, role and customer', async () => {
  await invite(admin, 'grace@example.org', { name: 'Grace Hopper' });
  expect(await emails(admin, 'search=HOPPER')).toEqual(['grace@example.org']);
  expect(await emails(admin, 'search=customer@')).toEqual([people.emails.customer]);
  expect(await emails(admin, 'role=tenant-administrator')).toEqual([people.emails.admin]);
  expect(await emails(admin, `customerId=${people.customerId}`)).toEqual([people.emails.customer]);
});

it('lets operators look, and nobody but administrators change', async () => {
  expect((await users('GET', '', operator)).status).toBe(200);
  expect((await users('GET', '', customer)).status).toBe(403);
  for (const as of [operator, customer]) expect((await invite(as, 'x@example.org')).status).toBe(403);
});

it('reaches the own tenant alone', async () => {
  const id = await idOf(people.emails.operator);
  expect(await emails(stranger)).toEqual([people.emails.stranger]);
  expect((await users('GET', `?tenantId=${people.tenantId}`, stranger)).status).toBe(404);
  for (const [method, path, body] of [
    ['GET', `/${id}`, undefined],
    ['PUT', `/${id}`, changes({ name: 'Mine now' })],
    ['POST', `/${id}/link`, undefined],
    ['POST', `/${id}/disable`, undefined],
    ['DELETE', `/${id}`, undefined],
  ] as const)
    expect([path, (await users(method, path, stranger, body)).status]).toEqual([path, 404]);
  expect((await invite(stranger, 'y@example.org', { tenantId: people.tenantId })).status).toBe(404);
  expect((await invite(admin, 'y@example.org', { role: 'customer-user', customerId: randomUUID() })).status).toBe(400);
});

it('lets the system administrator look after the administrators of a tenant, and not look into the tenant', async () => {
  expect(await emails(system)).toEqual([people.emails.system]);
  expect(await emails(system, `tenantId=${people.tenantId}`)).toEqual([people.emails.admin]);
  const { tenantId } = people;
  const made = await invite(system, 'second@example.org', { role: 'tenant-administrator', tenantId });
  expect(made).toMatchObject({ status: 201, body: { tenant: { id: tenantId } } });
  const refused = await invite(system, 'z@example.org', { tenantId });
  expect(refused).toMatchObject({ status: 400, body: { errors: [{ pointer: '/role' }] } });
  expect((await users('GET', `/${await idOf(people.emails.operator)}`, system)).status).toBe(404);
  expect((await users('DELETE', `/${String(made.body['id'])}`, system)).status).toBe(204);
  expect(await invite(system, 'z@example.org', { role: 'system-administrator' })).toMatchObject({ status: 201 });
});

it('refuses a role that does not fit the scope or the customer', async () => {
  const pointer = async (more: object) => {
    const { status, body } = await invite(admin, 'w@example.org', more);
    return [status, (body['errors'] as { pointer: string }[] | undefined)?.[0]?.pointer];
  };
  expect(await pointer({ role: 'system-administrator' })).toEqual([400, '/role']);
  expect(await pointer({ role: 'customer-user' })).toEqual([400, '/customerId']);
  expect(await pointer({ customerId: people.customerId })).toEqual([400, '/customerId']);
});

it('takes an address once in the whole system, without regard to case', async () => {
  const taken = await invite(stranger, 'ADMIN@example.org');
  expect(taken).toMatchObject({
    status: 409,
    body: { code: 'name-taken', detail: 'Another user has this email address.' },
  });
});

it('changes a role, with what was before in the audit log', async () => {
  const id = String((await invite(admin, 'climber@example.org')).body['id']);
  const changed = await users('PUT', `/${id}`, admin, changes({ name: 'Clim', role: 'tenant-administrator' }));
  expect(changed).toMatchObject({ status: 200, body: { name: 'Clim', role: 'tenant-administrator' } });
  const [event] = await test.database.query(
    `SELECT changes FROM audit_event WHERE action = 'user.updated' AND entity_id = $1`,
    [id],
  );
  expect(event).toEqual({
    changes: [
      { field: 'role', before: 'tenant-operator', after: 'tenant-administrator' },
      { field: 'name', before: null, after: 'Clim' },
    ],
  });
});

it('changes what was read, and nothing that somebody else has changed meanwhile', async () => {
  const made = await invite(admin, 'shared@example.org');
  const path = `/${String(made.body['id'])}`;
  const put = async (tag: string | null, name: string) => {
    const headers = { ...admin, ...(tag === null ? {} : { 'If-Match': tag }) };
    const answer = await send(`${test.url}/api/users${path}`, 'PUT', changes({ name }), headers);
    return [answer.status, answer.headers.get('etag'), answer.body['code']];
  };
  expect([made.headers.get('etag'), made.body['revision']]).toEqual(['"1"', 1]);
  expect(await put(null, 'A')).toEqual([428, null, 'precondition-required']);
  expect(await put('"1"', '')).toEqual([200, '"1"', undefined]); // nothing changed
  expect(await put('"1"', 'A')).toEqual([200, '"2"', undefined]);
  expect(await put('"1"', 'B')).toEqual([412, null, 'changed-meanwhile']);
  await users('POST', `${path}/disable`, admin);
  expect((await users('GET', path, admin)).headers.get('etag')).toBe('"3"');
  expect((await Promise.all([put('"3"', 'C'), put('"3"', 'D')])).map(([status]) => status).sort()).toEqual([200, 412]);
});

it('counts what people change in their own profile, since it stands in the same row', async () => {
  const own = await signedIn(test.url, people.emails.operator);
  const path = `/${await idOf(people.emails.operator)}`;
  const tag = async () => (await users('GET', path, admin)).headers.get('etag');
  const before = await tag();
  const profile = { name: 'Night shift', language: 'de', timeZone: null };
  expect((await send(`${test.url}/api/account`, 'PUT', profile, own)).status).toBe(200);
  const after = await tag();
  expect(after).not.toBe(before);
  await send(`${test.url}/api/account`, 'PUT', profile, own);
  expect(await tag()).toBe(after);
});

it('ends the sessions of whom it disables at once, and lets nobody in by password, token or link until enabled', async () => {
  const session = await signedIn(test.url, people.emails.operator);
  const token = await send(`${test.url}/api/account/api-tokens`, 'POST', { name: 'T' }, session);
  const bearer = { Authorization: `Bearer ${String(token.body['token'])}` };
  const id = await idOf(people.emails.operator);
  const me = async (as: Session) => (await send(`${test.url}/api/session`, 'GET', undefined, as)).status;
  expect(await users('POST', `/${id}/disable`, admin)).toMatchObject({ status: 200, body: { active: false } });
  expect([await me(session), await me(bearer)]).toEqual([401, 401]);
  await expect(signedIn(test.url, people.emails.operator)).rejects.toThrow('401');
  expect((await users('POST', `/${id}/link`, admin)).status).toBe(409);
  expect(await users('POST', `/${id}/enable`, admin)).toMatchObject({ status: 200, body: { active: true } });
  expect(await me(session)).toBe(401);
  operator = await signedIn(test.url, people.emails.operator);
});

it('never loses the last administrator of a scope who can sign in', async () => {
  const last = { status: 409, body: { code: 'last-administrator' } };
  const self = await idOf(people.emails.stranger);
  const invited = String((await invite(stranger, 'new@example.org', { role: 'tenant-administrator' })).body['id']);
  expect(await users('DELETE', `/${self}`, stranger)).toMatchObject(last); // the other one is only invited
  expect(await users('POST', `/${self}/disable`, stranger)).toMatchObject(last);
  expect(await users('PUT', `/${self}`, stranger, changes({}))).toMatchObject(last);
  expect(await users('DELETE', `/${self}`, system)).toMatchObject(last);
  expect(await users('DELETE', `/${await idOf(people.emails.system)}`, system)).toMatchObject(last);
  expect((await users('DELETE', `/${invited}`, stranger)).status).toBe(204);
});

it('leaves one of two administrators who remove each other at the same moment', async () => {
  const { id: tenantId } = (await send(`${test.url}/api/tenants`, 'POST', { name: 'Duel' }, system)).body;
  const both = await Promise.all(
    ['left@example.org', 'right@example.org'].map(async (email) => {
      const made = await invite(system, email, { role: 'tenant-administrator', tenantId });
      await test.database.query('UPDATE user_account SET activated_at = now() WHERE id = $1', [made.body['id']]);
      return String(made.body['id']);
    }),
  );
  const answers = await Promise.all(both.map((id) => users('DELETE', `/${id}`, system)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
});

it('keeps away from users whom the provisioning file manages', async () => {
  const id = String((await invite(admin, 'filed@example.org')).body['id']);
  await test.database.query('UPDATE user_account SET managed = true WHERE id = $1', [id]);
  for (const [method, path, body] of [
    ['PUT', '', changes({})],
    ['POST', '/disable', undefined],
    ['DELETE', '', undefined],
  ] as const)
    expect(await users(method, `/${id}${path}`, admin, body)).toMatchObject({
      status: 409,
      body: { code: 'managed-by-file' },
    });
  expect((await users('POST', `/${id}/invitation`, admin)).status).toBe(200);
});

it('invites no more users than the tenant may have, however many at once', async () => {
  const limits = { maxUsers: 3 };
  const { id: tenantId } = (await send(`${test.url}/api/tenants`, 'POST', { name: 'Small', limits }, system)).body;
  const invited = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      invite(system, `small${n}@example.org`, { role: 'tenant-administrator', tenantId }),
    ),
  );
  expect(invited.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409]);
  expect(invited.find(({ status }) => status === 409)?.body).toMatchObject({
    code: 'limit-reached',
    detail: 'The tenant may have 3 users.',
  });
});
