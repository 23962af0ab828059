import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { startMailApis, type FakeMailApis } from '../../../../test/fakes/mail-apis.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { testCa } from '../smtp-servers.testing.js';
import { TestTokens } from '../transport/tokens.testing.js';
import { routeTo, TransportSpec } from '../transport/transports.testing.js';
import { examine, states, stepOf, TOKEN, watchOverReports } from './doctor.testing.js';
import { reachedBy, targetOfRoute } from './target-of-route.js';

watchOverReports(2);
new TransportSpec(); // our CA is trusted
const egress = new EgressGuard(['localhost']);
const http = new GuardedFetch(egress, { ca: [testCa] });
let apis: FakeMailApis;
beforeAll(async () => void (apis = await startMailApis()));
afterAll(() => apis.close());
beforeEach(() => {
  apis.accountOf = (token) => (token === TOKEN ? 'box@example.org' : undefined);
});

const target = (transport: 'graph' | 'gmail', tokens = new TestTokens(TOKEN)) => {
  const auth = {
    ...{ kind: 'oauth2', flow: 'authorizationCode', username: 'box@example.org' },
    applicationId: '00000000-0000-4000-8000-000000000001',
  };
  const route = routeTo(587, { from: 'alarm@example.org', transport, auth }, { tokens });
  return targetOfRoute(route, { egress, http, apiUrls: () => ({ graph: apis.url, gmail: apis.url }) });
};

it.each(['graph', 'gmail'] as const)(
  'goes to the API %s, shows what the token is for, and sends nothing',
  async (kind) => {
    const report = await examine(target(kind));
    expect(states(report)).toEqual(['dns ok', 'tcp ok', 'tls ok', 'auth ok', 'mail-from ok', 'dns-records ok']);
    expect(stepOf(report, 'auth')).toMatchObject({
      auth: {
        username: 'box@example.org',
        token: { audience: 'https://outlook.office365.com', scopes: ['SMTP.Send'] },
      },
    });
    expect(apis.mails).toEqual([]);
  },
);

it('says which permission is missing', async () => {
  apis.refusals.push({ status: 403, body: { error: { code: 'ErrorAccessDenied', message: 'Access is denied.' } } });
  const report = await examine(target('graph'));
  expect(stepOf(report, 'mail-from')).toMatchObject({
    ...{ state: 'failed', code: 'api-forbidden', detail: 'The API says: 403 ErrorAccessDenied: Access is denied.' },
    fix: expect.stringContaining('permission'),
  });
});

it('marks no grant when the API refuses the token, and passes on the word of a grant without one', async () => {
  const tokens = new TestTokens('stale', 'stale-too');
  expect(stepOf(await examine(target('gmail', tokens)), 'mail-from')).toMatchObject({ code: 'token-refused' });
  expect(tokens.refusals).toEqual([]);
  const report = await examine(target('graph', new TestTokens()));
  expect(stepOf(report, 'auth')).toMatchObject({
    state: 'failed',
    code: 'consent-ended',
    offer: { kind: 'renew-consent' },
  });
  expect(stepOf(report, 'mail-from')).toMatchObject({ state: 'skipped' });
});

it('counts visits by the address of the API', () => {
  const { port } = new URL(apis.url);
  const { host } = target('graph');
  expect([host, reachedBy(routeTo(587))]).toEqual(['localhost', { host: '127.0.0.1', port: 587 }]);
  expect(target('graph').port).toBe(Number(port));
});
