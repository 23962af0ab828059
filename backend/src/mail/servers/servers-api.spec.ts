import { afterAll, beforeAll, expect, it } from 'vitest';

import { EventBus } from '../../http/events/index.js';
import { certificateFor, testCa } from '../smtp-servers.testing.js';
import { errorsOf, startServersApi, type Answer, type Body, type ServersApi, type Who } from './servers-api.testing.js';

const SECRET = 'tell-nobody-42';
let api: ServersApi;
beforeAll(async () => {
  api = await startServersApi();
});
afterAll(() => api.close());

let count = 0;
const settings = (more: object = {}) => ({
  ...{ provider: 'custom', from: 'Plant <plant@example.org>', host: 'smtp.example.org' },
  auth: { kind: 'basic', username: 'u', password: { change: 'set', value: SECRET } },
  ...more,
});
const input = (more: object = {}, identity: object = {}) => ({
  name: `Server ${++count}`,
  ...identity,
  settings: settings(more),
});
const make = async (who: Who = 'admin', more: object = {}, identity: object = {}): Promise<Answer> => {
  const made = await api.as(who, 'POST', '/servers', input(more, identity));
  expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201 });
  return made;
};
/** As a page sends back what it got: secrets stay. */
const again = ({ body }: Answer, change: object = {}, identity: object = {}) => {
  const { name, description, default: isDefault, fallback, active } = body;
  const before = body['settings'] as Body; // of the schema
  const { auth, ...rest } = before as { auth: Body }; // of the schema
  const kept = auth['kind'] === 'basic' ? { ...auth, password: { change: 'keep' } } : auth;
  const after = { ...rest, auth: kept, ...change };
  return { name, description, default: isDefault, fallback, active, settings: after, ...identity };
};
const put = (answer: Answer, change: object, identity: object = {}, who: Who = 'admin') =>
  api.as(who, 'PUT', `/servers/${String(answer.body['id'])}`, again(answer, change, identity), answer.etag);

it('takes settings with a secret, and tells of the secret only that it is set', async () => {
  const made = await make('admin', { footer: 'Plant 3' }, { description: 'Alarms' });
  expect(made).toMatchObject({ etag: '"1"', body: { description: 'Alarms', active: true, managed: false } });
  expect(made.body['settings']).toMatchObject({
    ...{ tls: 'starttls', footer: 'Plant 3', tlsMinVersion: 'TLSv1.2', checkServerIdentity: true },
    auth: { kind: 'basic', username: 'u', password: { isSet: true, changedAt: expect.any(Number), named: null } },
  });
  const [one, list] = [
    await api.as('operator', 'GET', `/servers/${String(made.body['id'])}`),
    await api.as('operator', 'GET', '/servers'),
  ];
  expect(one).toMatchObject({ status: 200, etag: '"1"', body: made.body });
  expect(JSON.stringify([made, one, list])).not.toMatch(/tell-nobody|s1:k/);
});

it('gives back what can be sent in again as it is, and counts no revision for it', async () => {
  const made = await make();
  expect(await put(made, {})).toMatchObject({ status: 200, etag: '"1"' });
  expect(await put(made, { footer: 'New' })).toMatchObject({ status: 200, etag: '"2"' });
});

it('lets nobody overwrite what was changed meanwhile', async () => {
  const made = await make();
  await put(made, { footer: 'One' });
  expect(await put(made, { footer: 'Two' })).toMatchObject({ status: 412, body: { code: 'changed-meanwhile' } });
  expect(await put({ ...made, etag: null }, {})).toMatchObject({
    status: 428,
    body: { code: 'precondition-required' },
  });
});

it.each([
  ['another host', { host: 'elsewhere.example.org' }],
  ['another user', { auth: { kind: 'basic', username: 'other', password: { change: 'keep' } } }],
  ['another provider', { provider: 'sendgrid', host: 'smtp.example.org' }],
])('sends no old password to %s: it must be entered again', async (_what, change) => {
  const made = await make();
  const refused = await put(made, change);
  expect(refused).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  expect(errorsOf(refused)[0]).toMatch(/^\/settings\/auth\/password must be entered again: .*is not sent there/);
  const username = (change as { auth?: { username: string } }).auth?.username ?? 'u';
  const entered = { auth: { kind: 'basic', username, password: { change: 'set', value: 'new' } } };
  expect(await put(made, { ...change, ...entered })).toMatchObject({ status: 200, etag: '"2"' });
});

it('asks for a password that was never given, or that is cleared', async () => {
  const auth = (change: string) => ({ auth: { kind: 'basic', username: 'u', password: { change } } });
  const refused = await api.as('admin', 'POST', '/servers', input(auth('keep')));
  expect(errorsOf(refused)).toEqual(['/settings/auth/password must be entered.']);
  const made = await make();
  expect(errorsOf(await put(made, auth('clear')))).toEqual(['/settings/auth/password must be entered.']);
});

it('fills in what the template of the provider knows', async () => {
  const auth = { kind: 'basic', password: { change: 'set', value: SECRET } };
  const made = await make('admin', { provider: 'sendgrid', host: undefined, auth });
  expect(made.body['settings']).toMatchObject({
    ...{ host: 'smtp.sendgrid.net', port: 587, tls: 'starttls', maxMessagesPerConnection: 5_000 },
    auth: { username: 'apikey' },
  });
  const google = await make('admin', { provider: 'google', host: undefined });
  expect(google.body['settings']).toMatchObject({ host: 'smtp.gmail.com', port: 465, tls: 'implicit' });
  const upgraded = await make('admin', { provider: 'google', host: undefined, port: 587 });
  expect(upgraded.body['settings']).toMatchObject({ port: 587, tls: 'starttls' });
});

it.each([
  ['no host', { host: undefined }, '/settings/host must be given: Custom SMTP server has no host of its own.'],
  ['a password at Outlook.com', { provider: 'outlook-com' }, '/settings/auth/kind Outlook.com'],
  ['an API without OAuth', { provider: 'microsoft-365', transport: 'graph' }, '/settings/transport Microsoft Graph'],
  ['an API that is not there', { transport: 'graph' }, '/settings/transport Custom SMTP server does not have'],
  ['a macro of a tenant', { host: '${SIGNALPOST_VAR_HOST}' }, '/settings/host "${" has no meaning here'],
  ['a macro in the user name', { auth: auth('${SIGNALPOST_VAR_U}') }, '/settings/auth/username "${" has no meaning'],
  ['a wrong Return-Path', { returnPath: 'nobody' }, '/settings/returnPath'],
  ['a wrong BCC', { bcc: ['a@b.org', 'nobody'] }, '/settings/bcc/1'],
  ['a CA that is none', { ca: 'hello' }, '/settings/ca is not a certificate in PEM'],
  ['a DKIM key that is none', { dkim: dkim('hello') }, '/settings/dkim/privateKey is not a private key in PEM'],
  ['a password in clear', { tls: 'none' }, '/settings/tls'],
  ['a fallback of a tenant', {}, '/fallback is for mail servers of the system', { fallback: true }],
])('refuses %s, and says where and why', async (_what, change, told, identity?: object) => {
  const refused = await api.as('admin', 'POST', '/servers', input(change, identity));
  expect(refused).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  expect(errorsOf(refused).join('\n')).toContain(told);
});

function auth(username: string) {
  return { kind: 'basic', username, password: { change: 'set', value: SECRET } };
}
function dkim(value: string) {
  return { domain: 'example.org', selector: 's1', privateKey: { change: 'set', value } };
}

it('has one active default server of each scope, and another one only by naming it', async () => {
  const { body } = await api.as('stranger', 'GET', '/servers');
  expect(body).toEqual({ items: [] });
  const [first, second] = [await make('stranger'), await make('stranger')];
  expect([first.body['default'], second.body['default']]).toEqual([true, false]);
  const needed = { status: 409, body: { code: 'default-mail-server-needed' } };
  expect(await put(first, {}, { default: false }, 'stranger')).toMatchObject(needed);
  expect(await put(first, {}, { active: false }, 'stranger')).toMatchObject(needed);
  expect(await put(second, {}, { default: true }, 'stranger')).toMatchObject({ status: 200, body: { default: true } });
  const one = await api.as('stranger', 'GET', `/servers/${String(first.body['id'])}`);
  expect(one.body).toMatchObject({ default: false });
  expect(await put(one, {}, { active: false }, 'stranger')).toMatchObject({ status: 200, body: { active: false } });
});

it('keeps scopes apart: nobody sees, names, changes or deletes what is of others', async () => {
  const [own, system] = [await make('admin'), await make('system')];
  for (const [who, { body, etag }] of [
    ['stranger', own],
    ['system', own],
    ['admin', system],
  ] as const) {
    const path = `/servers/${String(body['id'])}`;
    const tried = [
      await api.as(who, 'GET', path),
      await api.as(who, 'PUT', path, input(), etag),
      await api.as(who, 'GET', `${path}/usage`),
      await api.as(who, 'DELETE', path),
    ];
    expect(tried.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  }
  for (const who of ['operator', 'customer'] as const)
    expect(await api.as(who, 'POST', '/servers', input())).toMatchObject({ status: 403 });
});

it('lets the system alone have macros and a fallback server', async () => {
  process.env['SIGNALPOST_VAR_SPEC_HOST'] = 'mx.example.org';
  const auth = { kind: 'none' };
  await make('system');
  const made = await make('system', { host: '${SIGNALPOST_VAR_SPEC_HOST}', auth }, { fallback: true });
  expect(made.body).toMatchObject({
    fallback: true,
    settings: { host: '${SIGNALPOST_VAR_SPEC_HOST}' },
    problems: [],
  });
  const unset = await api.as('system', 'POST', '/servers', input({ host: '${SIGNALPOST_VAR_NOT_THERE}', auth }));
  expect(errorsOf(unset)).toEqual([
    '/settings/host the variable SIGNALPOST_VAR_NOT_THERE is not set where Signalpost runs.',
  ]);
  const other = await make('system', {}, { fallback: true });
  const list = (await api.as('system', 'GET', '/servers')).body['items'] as Body[]; // of the schema
  expect(list.filter(({ isFallback }) => isFallback).map(({ id }) => id)).toEqual([other.body['id']]);
});

it('describes its form by the schema that checks it', async () => {
  const form = (await api.as('admin', 'GET', '/server-form')).body;
  expect(form).toMatchObject({ macros: false, fallback: false });
  const { properties } = form['outbound'] as { properties: Record<string, Body> }; // of the schema
  expect(properties['host']).toMatchObject({ title: 'Host', section: 'connection', showIf: { field: 'transport' } });
  expect(properties['tls']).toMatchObject({ enum: ['none', 'starttls', 'implicit'], widget: 'select' });
  expect((await api.as('system', 'GET', '/server-form')).body).toMatchObject({ macros: true, fallback: true });
});

it('writes down who changed what, without a word of a secret', async () => {
  const made = await make('admin', {}, { name: 'Audited' });
  await put(made, {
    auth: { kind: 'basic', username: 'u', password: { change: 'set', value: 'also-secret' } },
    force: true,
  });
  const rows = await api.test.database.query<{ action: string; changes: unknown; actor: Body }>(
    `SELECT action, changes, actor FROM audit_event WHERE entity_id = $1 ORDER BY id`,
    [made.body['id']],
  );
  expect(rows.map(({ action, actor }) => [action, actor['email']])).toEqual([
    ['mail-server.created', 'admin@example.org'],
    ['mail-server.updated', 'admin@example.org'],
  ]);
  expect(rows[1]?.changes).toEqual([
    { field: 'settings.force', before: false, after: true },
    { field: 'settings.auth.password', before: null, after: null, secret: 'changed' },
  ]);
  expect(JSON.stringify(rows)).not.toMatch(/tell-nobody|also-secret|s1:k/);
});

it('keeps certificates and keys that belong together, and shows the keys to nobody', async () => {
  const { cert, key } = certificateFor('localhost');
  const clientCertificate = { certificate: cert, privateKey: { change: 'set', value: key } };
  const made = await make('admin', { ca: testCa, clientCertificate, pinnedCertificate: 'ab'.repeat(32) });
  const shown = { certificate: cert, privateKey: { isSet: true, changedAt: expect.any(Number), named: null } };
  expect(made.body['settings']).toMatchObject({ clientCertificate: shown, pinnedCertificate: 'ab'.repeat(32) });
  const kept = { clientCertificate: { certificate: cert, privateKey: { change: 'keep' } } };
  expect(await put(made, kept)).toMatchObject({ status: 200, etag: '"1"' });
  const other = { certificate: certificateFor('elsewhere').cert, privateKey: { change: 'keep' } };
  expect(errorsOf(await put(made, { clientCertificate: other }))).toEqual([
    '/settings/clientCertificate the private key belongs to another certificate',
  ]);
  expect(errorsOf(await api.as('admin', 'POST', '/servers', input({ pinnedCertificate: 'ab:cd' })))[0]).toMatch(
    /^\/settings\/pinnedCertificate must be a SHA-256 fingerprint/,
  );
});

it('tells the pages of its scope after a change, and nobody else', async () => {
  const told: unknown[] = [];
  const end = api.test.app.get(EventBus).subscribe({
    changed: (event) => void told.push(event),
    resync: () => undefined,
  });
  const made = await make();
  const id = made.body['id'];
  await put(made, { footer: 'New' });
  await api.as('admin', 'DELETE', `/servers/${String(id)}`);
  end();
  expect(told).toEqual(
    ['saved', 'saved', 'deleted'].map((kind): unknown =>
      expect.objectContaining({ tenantId: api.people.tenantId, topic: 'mail-servers', kind, id }),
    ),
  );
});

it('says when its secrets cannot be opened any more, and heals when they are entered again', async () => {
  const made = await make();
  await api.test.database.query(
    `UPDATE mail_server SET settings = jsonb_set(settings, '{auth,password}', '"s1:lost:AAAA"') WHERE id = $1`,
    [made.body['id']],
  );
  const broken = await api.as('admin', 'GET', `/servers/${String(made.body['id'])}`);
  expect(broken.body['problems']).toEqual(['Its secrets cannot be opened: enter them again and save.']);
  expect(errorsOf(await put(broken, {}))).toEqual(['/settings/auth/password must be entered.']);
  const healed = await put(broken, { auth: { kind: 'basic', username: 'u', password: { change: 'set', value: 'x' } } });
  expect(healed).toMatchObject({ status: 200, body: { problems: [] } });
});
