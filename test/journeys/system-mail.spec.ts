import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { startSmtp, type FakeSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { freePort } from '../stack/free-port.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant } from '../stack/tenant.js';
import { until } from '../stack/until.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function mailboxOn(): Promise<FakeSmtp> {
  const mailbox = await startSmtp();
  cleanUp.push(() => mailbox.stop());
  return mailbox;
}

async function productWith(system: object, mailServer: object): Promise<Product> {
  const product = await Product.prepare();
  cleanUp.push(() => product.dispose());
  product.provision({ system, tenants: [tenant({ mailServer, chain: mailEachMessage(product.home) })] });
  await product.start();
  return product;
}

const SANDBOX = { name: 'DEFAULT', default: true, provider: 'sandbox' };

it('brings a password reset over the fallback server while the default one is down', async () => {
  const mailbox = await mailboxOn();
  const dead = smtp(await freePort(), { name: 'Default' });
  const fallback = smtp(mailbox.port, {
    name: 'Fallback',
    default: false,
    fallback: true,
    from: 'fallback@example.org',
  });
  const product = await productWith({ mailServers: [dead, fallback] }, SANDBOX);
  const answer = await fetch(`${product.url}/api/auth/password-reset`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'signalpost' },
    body: JSON.stringify({ email: ADMIN.email }),
  });
  expect(answer.status).toBe(204);
  const [mail] = await mailbox.waitFor(1, 60_000);
  expect(mail).toMatchObject({ from: 'fallback@example.org', recipients: [ADMIN.email] });
  const port = new URL(product.url).port;
  expect(mail?.mail.text).toContain(`http://localhost:${port}/`);

  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const [entry] = await until('the mail log to know', async () => {
    const all = await admin.list<{ template: string; state: string }>('/api/mail/deliveries');
    return all.some(({ state }) => state === 'accepted') && all;
  });
  expect(entry).toMatchObject({ template: 'password-reset', subject: '', state: 'accepted' });
  expect(JSON.stringify(entry)).not.toContain('token');
});

/** Gives access tokens to everybody who asks. */
async function tokenEndpoint(): Promise<string> {
  const answer = JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', expires_in: 3600 });
  const server: Server = createServer((_request, response) =>
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer),
  );
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  cleanUp.push(() => new Promise((done) => server.close(done).closeAllConnections()));
  const { port } = server.address() as AddressInfo; // a TCP server's address
  return `http://127.0.0.1:${port}/token`;
}

it('warns of a client secret that ends by another server than the one that will stop, and by a banner', async () => {
  const mailbox = await mailboxOn();
  const auth = {
    ...{
      kind: 'oauth2',
      flow: 'clientCredentials',
      username: 'box@example.org',
      clientId: 'a',
      clientSecret: 'tell-nobody',
    },
    ...{ tokenUrl: await tokenEndpoint(), scopes: ['smtp.send'], secretExpiresAt: Date.now() + 2 * 86_400_000 },
  };
  const product = await productWith(
    { mailServers: [smtp(mailbox.port)] },
    smtp(await freePort(), { name: 'Plant mail', auth }),
  );
  const [mail] = await mailbox.waitFor(1, 120_000);
  expect(mail).toMatchObject({
    recipients: [ADMIN.email],
    subject: 'A secret of the mail server "Plant mail" ends in 2 day(s)',
  });
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const { items } = await admin.get<{ items: object[] }>('/api/notices');
  expect(items).toMatchObject([{ code: 'secret-expiring', severity: 'warning', params: { serverName: 'Plant mail' } }]);
  expect(JSON.stringify(items)).not.toContain('tell-nobody');
});
