import { LANGUAGES, SYSTEM_MAIL_IDS, type Branding, type MailTemplate } from '@signalpost/contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { seedPeople, send, signedIn, startTestApp, type People, type TestApp } from '../../start/test-app.testing.js';
import { NobodySendsModule } from '../mail-servers.testing.js';
import { SystemMailModule } from './templates.module.js';

let test: TestApp;
let people: People;
const cookies = new Map<string, { readonly Cookie: string }>();
beforeAll(async () => {
  test = await startTestApp({ rooms: [NobodySendsModule, SystemMailModule] });
  people = await seedPeople(test);
  for (const who of ['system', 'admin', 'operator', 'stranger'] as const)
    cookies.set(who, await signedIn(test.url, people.emails[who]));
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.database.query('TRUNCATE mail_template, mail_template_version, branding, audit_event');
});

type Who = keyof People['emails'];
const as = async <T = Record<string, unknown>>(who: Who, method: string, path: string, body?: unknown) => {
  const answer = await send(`${test.url}/api/${path}`, method, body, cookies.get(who));
  return { ...answer, body: answer.body as T };
};
const ACTIVATION = 'mail/templates/activation/en';
const TEXT = { subject: 'Come in, {{recipientName}}', html: '<p>Hello</p>{{button link "Come in"}}', text: null };
const save = (who: Who, change: object = {}, revision = 0) =>
  as<MailTemplate>(who, 'PUT', ACTIVATION, { ...TEXT, revision, ...change });
const read = async (who: Who) => (await as<MailTemplate>(who, 'GET', ACTIVATION)).body;

it('lists every mail in every language, with whose words are sent', async () => {
  const { body } = await as<{ items: object[] }>('admin', 'GET', 'mail/templates');
  expect(body.items).toHaveLength(SYSTEM_MAIL_IDS.length * LANGUAGES.length);
  expect(body.items[0]).toEqual({
    ...{ id: 'activation', language: 'en', source: 'built-in', own: false, revision: 0 },
    ...{ changedAt: null, changedBy: null, failure: null },
  });
});

it('tells a person who edits all that can be named, with samples', async () => {
  const { variables, helpers, text } = await read('admin');
  expect(text.subject).toBe('Activate your account at {{productName}}');
  expect(variables.find(({ name }) => name === 'link')).toMatchObject({ kind: 'link', essential: true });
  for (const variable of variables)
    expect(variable).toMatchObject({ description: expect.stringMatching(/./), sample: expect.stringMatching(/./) });
  expect(helpers.map(({ name }) => name)).toEqual(['button', 'digits']);
});

it("keeps a tenant's words for that tenant, and the system's for all who have none", async () => {
  expect(await save('system', { subject: 'System' })).toMatchObject({
    status: 200,
    body: { source: 'system', own: true },
  });
  expect(await read('admin')).toMatchObject({ source: 'system', own: false, revision: 0, text: { subject: 'System' } });
  expect(await save('admin', { subject: 'Plant' })).toMatchObject({
    status: 200,
    body: { source: 'tenant', revision: 1 },
  });
  expect(await read('admin')).toMatchObject({ text: { subject: 'Plant' }, default: { subject: 'System' } });
  expect(await read('stranger')).toMatchObject({ text: { subject: 'System' } });
});

it('refuses what cannot be sent, with the line, the column and the reason', async () => {
  const { status, body } = await save('admin', { html: '<p>one</p>\n<p>{{nobody}} {{link}}</p>' });
  expect({ status, body }).toMatchObject({
    status: 400,
    body: { code: 'mail-template-refused', errors: [{ pointer: '/html', line: 2, column: 6 }] },
  });
  expect(await read('admin')).toMatchObject({ own: false });
});

it('overwrites nothing that somebody else saved meanwhile', async () => {
  await save('admin');
  expect(await save('admin', { subject: 'Late' })).toMatchObject({ status: 412, body: { code: 'changed-meanwhile' } });
  expect(await save('admin', { subject: 'In time' }, 1)).toMatchObject({ status: 200, body: { revision: 2 } });
});

it('goes back to the default, and remembers everything', async () => {
  await save('admin');
  await save('admin', { subject: 'Second' }, 1);
  expect(await as('admin', 'DELETE', ACTIVATION)).toMatchObject({ status: 204 });
  expect(await read('admin')).toMatchObject({ own: false, revision: 0, source: 'built-in' });
  const { body } = await as<{ items: { by: string; text: { subject: string } | null }[] }>(
    'admin',
    'GET',
    `${ACTIVATION}/history`,
  );
  expect(body.items.map(({ by, text }) => [by, text?.subject ?? null])).toEqual([
    [people.emails.admin, null],
    [people.emails.admin, 'Second'],
    [people.emails.admin, TEXT.subject],
  ]);
  expect(await save('admin')).toMatchObject({ status: 200, body: { revision: 4 } });
});

it('shows the mail as it would be sent, with nothing stored', async () => {
  const { status, body } = await as<{ html: string }>('admin', 'POST', `${ACTIVATION}/preview`, TEXT);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { subject: 'Come in, Grace Hopper', text: expect.stringContaining('Come in (https:') },
  });
  expect(body.html).toContain('<!doctype html>');
  expect(await read('admin')).toMatchObject({ own: false });
});

it('sends a text that is not stored to the person who wrote it, and to nobody else', async () => {
  const { status, body } = await as('admin', 'POST', `${ACTIVATION}/send-to-me`, TEXT);
  expect({ status, body }).toMatchObject({ status: 200, body: { address: people.emails.admin } });
  const rows = await test.database.query('SELECT recipients, template FROM delivery WHERE id = $1', [
    body['deliveryId'],
  ]);
  expect(rows).toEqual([{ recipients: [people.emails.admin], template: 'activation' }]);
});

it('is for administrators, and writes down what they do', async () => {
  for (const path of ['mail/templates', 'branding']) expect((await as('operator', 'GET', path)).status).toBe(403);
  await save('admin');
  await as('admin', 'DELETE', ACTIVATION);
  const rows = await test.database.query<{ action: string; entity_name: string }>(
    'SELECT action, entity_name FROM audit_event ORDER BY id',
  );
  expect(rows).toEqual([
    { action: 'mail-template.updated', entity_name: 'activation (en)' },
    { action: 'mail-template.reset', entity_name: 'activation (en)' },
  ]);
});

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAyAAAADICAYAAAAQj4UaAAAAAXNSR0IArs4c6QAAAARnQU1BAACxjwv8YQUAAAAASUVORK5CYII=',
  'base64',
);
const brand = (who: Who, change: object, revision = 0) =>
  as<Branding>(who, 'PUT', 'branding', { productName: null, accent: null, header: null, revision, ...change });

it('lets a tenant have its own name, colours and logo over those of the system', async () => {
  await brand('system', { productName: 'Acme IoT', accent: '#005f00' });
  const { body } = await brand('admin', { header: '#ffcc00', logo: { change: 'set', base64: PNG.toString('base64') } });
  expect(body.effective).toMatchObject({
    ...{ productName: 'Acme IoT', accent: '#005f00', onAccent: '#ffffff', header: '#ffcc00', onHeader: '#000000' },
    logo: { width: 220, height: 55, dataUri: expect.stringMatching(/^data:image\/png;base64,/) },
  });
  const preview = await as<{ html: string }>('admin', 'POST', `${ACTIVATION}/preview`, TEXT);
  for (const part of ['#ffcc00', '#005f00', 'alt="Acme IoT"', 'src="data:image/png'])
    expect(preview.body.html.replaceAll('&#x3D;', '=')).toContain(part);
  expect((await as<Branding>('stranger', 'GET', 'branding')).body.effective).toMatchObject({
    header: '#0b2f34',
    logo: null,
  });
  expect(await as('admin', 'DELETE', 'branding')).toMatchObject({ status: 204 });
  expect((await as<Branding>('admin', 'GET', 'branding')).body.effective).toMatchObject({
    productName: 'Acme IoT',
    logo: null,
  });
});

it.each([
  ['a link colour that cannot be read', { accent: '#ffee88' }, '/accent', 'the nearest shade'],
  ['a drawing', { logo: { change: 'set', base64: Buffer.from('<svg/>').toString('base64') } }, '/logo', 'no PNG'],
  ['a picture of a size that nobody can show', { logo: { change: 'set', base64: hugePng() } }, '/logo', 'no PNG'],
])('refuses %s', async (_what, change, pointer, told) => {
  const { status, body } = await brand('admin', change);
  expect({ status, body }).toMatchObject({ status: 400, body: { code: 'branding-refused', errors: [{ pointer }] } });
  expect(JSON.stringify(body)).toContain(told);
});

function hugePng(): string {
  const bytes = Buffer.from(PNG);
  bytes.writeUInt32BE(40_000, 16);
  return bytes.toString('base64');
}

it('changes no looks that somebody else changed meanwhile', async () => {
  await brand('system', { productName: 'One' });
  expect((await brand('system', { productName: 'Two' })).status).toBe(412);
  expect(
    await test.database.query('SELECT product_name FROM branding WHERE tenant_id = $1', [SYSTEM_TENANT_ID]),
  ).toEqual([{ product_name: 'One' }]);
});
