import { afterAll, beforeAll, expect, it } from 'vitest';

import { Grants } from '../oauth/grants.js';
import { errorsOf, startServersApi, type Answer, type Body, type ServersApi, type Who } from './servers-api.testing.js';

let api: ServersApi;
beforeAll(async () => {
  api = await startServersApi();
});
afterAll(() => api.close());

let count = 0;
async function addApplication(provider = 'microsoft-365', who: Who = 'admin', more: object = {}): Promise<string> {
  const application = { name: `App ${++count}`, provider, clientId: 'abc', directoryId: 'example.org', ...more };
  const clientSecret = { change: 'set', value: 'tell-nobody' };
  return String((await api.as(who, 'POST', '/oauth/applications', { ...application, clientSecret })).body['id']);
}
const oauth = (applicationId: string, more: object = {}) => ({
  ...{ kind: 'oauth2', flow: 'authorizationCode', username: 'box@example.org', applicationId },
  ...more,
});
const settings = (auth: object, more: object = {}) => ({
  ...{ provider: 'microsoft-365', from: 'box@example.org', auth },
  ...more,
});
const make = (given: object, who: Who = 'admin'): Promise<Answer> =>
  api.as(who, 'POST', '/servers', { name: `Server ${++count}`, settings: given });
const put = ({ body, etag }: Answer, given: object): Promise<Answer> =>
  api.as('admin', 'PUT', `/servers/${String(body['id'])}`, { ...identityOf(body), settings: given }, etag);
const identityOf = ({ name, default: isDefault }: Body) => ({ name, default: isDefault });

const grantOf = async ({ body }: Answer) => {
  const ref = { tenantId: api.people.tenantId, serverId: String(body['id']) };
  return api.test.app.get(Grants).find(api.test.database, ref);
};
/** As if a person had consented. */
async function consent(server: Answer): Promise<void> {
  await api.test.database.query(
    `UPDATE oauth_grant SET state = 'valid', account = 'box@example.org', refresh_token = 'sealed' WHERE mail_server_id = $1`,
    [server.body['id']],
  );
}

it('says what the server signs in with, and that nobody has yet', async () => {
  const application = await addApplication();
  const made = await make(settings(oauth(application)));
  expect(made).toMatchObject({
    status: 201,
    body: {
      settings: { host: 'smtp.office365.com', auth: oauth(application), messagesPerMinute: 30 },
      problems: ['Nobody has signed in for it yet: sign in with the mailbox.'],
    },
  });
  const grant = { state: 'none', mailbox: 'box@example.org', application_id: application };
  expect(await grantOf(made)).toMatchObject(grant);
  const list = (await api.as('admin', 'GET', '/servers')).body['items'] as Body[]; // of the schema
  expect(list.find(({ id }) => id === made.body['id'])).toMatchObject({ authKind: 'oauth2', grantState: 'none' });
});

it('keeps the consent while nothing changes that it was given for', async () => {
  const application = await addApplication();
  const made = await make(settings(oauth(application)));
  await consent(made);
  const saved = await put(made, settings(oauth(application), { footer: 'New' }));
  expect(saved).toMatchObject({ status: 200, etag: '"2"' });
  expect(await grantOf(made)).toMatchObject({ state: 'valid', account: 'box@example.org' });
});

it.each([
  ['another mailbox', () => settings(oauth('', { username: 'other@example.org' }))],
  ['another flow', () => settings(oauth('', { flow: 'deviceCode' }))],
  ['another host, which must not be shown the token', () => settings(oauth(''), { host: 'elsewhere.example.org' })],
  ['another transport, whose token is for something else', () => settings(oauth(''), { transport: 'graph' })],
])('ends the consent for %s', async (_what, change) => {
  const application = await addApplication();
  const made = await make(settings(oauth(application)));
  await consent(made);
  const { auth, ...rest } = change();
  expect(await put(made, { ...rest, auth: { ...auth, applicationId: application } })).toMatchObject({ status: 200 });
  expect(await grantOf(made)).toMatchObject({ state: 'none', account: null, refresh_token: null });
});

it('ends the consent for another application, and for another directory of the same one', async () => {
  const [first, second] = [await addApplication(), await addApplication()];
  const made = await make(settings(oauth(first)));
  await consent(made);
  const moved = await put(made, settings(oauth(second)));
  expect(await grantOf(made)).toMatchObject({ state: 'none', application_id: second });
  await consent(moved);
  const renewed = { name: 'Other directory', provider: 'microsoft-365', clientId: 'abc', directoryId: 'other.org' };
  const clientSecret = { change: 'set', value: 'new' };
  await api.as('admin', 'PUT', `/oauth/applications/${second}`, { ...renewed, clientSecret });
  expect(await grantOf(made)).toMatchObject({ state: 'none', refresh_token: null });
});

it('ends the consent with another way to sign in, and with the server', async () => {
  const application = await addApplication();
  await make(settings(oauth(application)));
  const made = await make(settings(oauth(application)));
  const basic = { kind: 'basic', username: 'u', password: { change: 'set', value: 'p' } };
  const saved = await put(made, settings(basic));
  expect(saved).toMatchObject({ status: 200 });
  expect(await grantOf(made)).toBeUndefined();
  await put(saved, settings(oauth(application)));
  expect(await grantOf(made)).toMatchObject({ state: 'none' });
  await api.as('admin', 'DELETE', `/servers/${String(made.body['id'])}`);
  expect(await grantOf(made)).toBeUndefined();
});

it('takes no application of another provider or of another tenant, and the shared ones of the system', async () => {
  const [google, foreign] = [await addApplication('google'), await addApplication('microsoft-365', 'stranger')];
  const [shared, unshared] = [
    await addApplication('microsoft-365', 'system', { shared: true }),
    await addApplication('microsoft-365', 'system'),
  ];
  const none = '/settings/auth/applicationId there is no such OAuth application; choose one.';
  expect(errorsOf(await make(settings(oauth(google))))[0]).toMatch(/is registered at another provider/);
  expect(errorsOf(await make(settings(oauth(foreign))))).toEqual([none]);
  expect(errorsOf(await make(settings(oauth(unshared))))).toEqual([none]);
  expect(await make(settings(oauth(shared)))).toMatchObject({ status: 201 });
  const appOnly = oauth(shared, { flow: 'clientCredentials' });
  expect(errorsOf(await make(settings(appOnly)))[0]).toMatch(/^\/settings\/auth\/flow .* needs one of your own\.$/);
  expect(await make(settings(appOnly), 'system')).toMatchObject({ status: 201 });
});

it('lets nobody overwrite an application that was changed meanwhile, where the page says what it read', async () => {
  const id = await addApplication();
  const { etag } = await api.as('admin', 'GET', `/oauth/applications/${id}`);
  const renamed = (name: string) => ({ name, provider: 'microsoft-365', clientId: 'abc', directoryId: 'example.org' });
  const saved = await api.as('admin', 'PUT', `/oauth/applications/${id}`, renamed('One'), etag);
  expect(saved).toMatchObject({ status: 200, etag: '"2"', body: { clientSecret: { isSet: true } } });
  const late = await api.as('admin', 'PUT', `/oauth/applications/${id}`, renamed('Two'), etag);
  expect(late).toMatchObject({ status: 412, body: { code: 'changed-meanwhile' } });
});

it('refuses a flow that the provider does not have', async () => {
  const application = await addApplication();
  expect(errorsOf(await make(settings(oauth(application, { flow: 'serviceAccount' }))))).toEqual([
    '/settings/auth/flow Microsoft 365 does not have the flow serviceAccount; it has authorizationCode, clientCredentials, deviceCode.',
  ]);
});
