import { outboundSettingsSchema } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { EgressGuard, GuardedFetch } from '../../net/index.js';
import type { MailRoute } from '../servers/mail-route.js';
import { scripted } from '../smtp-servers.testing.js';
import { examine, stepOf, watchOverReports } from './doctor.testing.js';
import { targetOfRoute } from './target-of-route.js';

watchOverReports(0);
const within = (egress: EgressGuard) => ({ egress, http: new GuardedFetch(egress) });
const CLOSED = within(new EgressGuard([]));
const route = (smtp: Record<string, unknown>, rest: Partial<MailRoute> = {}): MailRoute => ({
  server: { tenantId: 't', id: 's' },
  revision: 1,
  connector: { kind: 'direct' },
  token: null,
  settings: outboundSettingsSchema.parse({ provider: 'custom', from: 'Plant <a@b.org>', host: '127.0.0.1', ...smtp }),
  sandbox: false,
  dialAllowed: [],
  ...rest,
});

it('takes host, port by TLS mode, plain From and shorter times', () => {
  const target = targetOfRoute(route({ host: 'smtp.example.org', socketTimeout: 5_000 }), CLOSED, 'to@example.org');
  expect(target).toMatchObject({
    ...{ host: 'smtp.example.org', port: 587, tls: 'starttls', from: 'a@b.org', recipient: 'to@example.org' },
    ...{ auth: { kind: 'none' }, timeouts: { connectMs: 15_000, greetingMs: 15_000, replyMs: 5_000 } },
  });
  expect(target.ehloName).toMatch(/\.|^\[/);
});

it('knows the HTTP API of a provider by its host, for when SMTP is switched off', () => {
  const auth = { kind: 'basic', username: 'u', password: 'p' };
  expect(targetOfRoute(route({ host: 'smtp.office365.com', auth }), CLOSED).auth).toMatchObject({
    apiTransport: 'graph',
  });
  expect(targetOfRoute(route({ host: 'smtp.gmail.com', auth }), CLOSED).auth).toMatchObject({ apiTransport: 'gmail' });
  expect(targetOfRoute(route({ host: 'mail.example.org', auth }), CLOSED).auth).toEqual(auth);
});

it('lets credentials go in clear only where mails may take them', () => {
  const smtp = { host: 'mail.example.org', tls: 'none', auth: { kind: 'basic', username: 'u', password: 'p' } };
  expect(targetOfRoute(route(smtp), CLOSED).mayUseCleartext).toBe(false);
  expect(targetOfRoute(route(smtp), within(new EgressGuard(['mail.example.org']))).mayUseCleartext).toBe(true);
  expect(targetOfRoute(route(smtp, { dialAllowed: ['mail.example.org:25'] }), CLOSED).mayUseCleartext).toBe(true);
});

it('reaches the sandbox and what the operator wrote down, and nothing else in a closed network', async () => {
  const server = await scripted({});
  const smtp = { port: server.port, tls: 'none' };
  const visit = async (rest: Partial<MailRoute>) => examine(targetOfRoute(route(smtp, rest), CLOSED));
  expect(stepOf(await visit({ sandbox: true }), 'mail-from')).toMatchObject({ state: 'ok' });
  expect(stepOf(await visit({ sandbox: true }), 'dns-records')).toMatchObject({ state: 'skipped' });
  expect(stepOf(await visit({ dialAllowed: [`127.0.0.1:${server.port}`] }), 'mail-from')).toMatchObject({
    state: 'ok',
  });
  expect(stepOf(await visit({}), 'dns')).toMatchObject({ state: 'failed', code: 'egress-refused' });
  await server.close();
});
