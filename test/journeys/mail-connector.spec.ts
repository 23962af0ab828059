import { afterEach, expect, it } from 'vitest';

import { startHttpProxy } from '../fakes/http-proxy.js';
import { mailEachMessage } from '../stack/chains.js';
import { MAILBOX, OAuthStack } from '../stack/oauth-stack.js';
import { tenant } from '../stack/tenant.js';

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

const APP_ONLY = { kind: 'oauth2', flow: 'clientCredentials', username: MAILBOX, scopes: ['smtp.send'] };

it('reaches the mail server and the authority of its tokens through the same connector, and nobody else', async () => {
  const user = { name: 'signalpost', password: 'the-password-of-the-proxy' };
  const proxy = await startHttpProxy(user);
  cleanUp.push(() => proxy.stop());
  const stack = await OAuthStack.prepare('microsoft');
  cleanUp.push(() => stack.dispose());
  const { product, authority, smtp } = stack;
  const connector = { name: 'way-out', kind: 'http', host: '127.0.0.1', port: proxy.port, shared: true };
  const mailServer = {
    provider: 'custom',
    ...stack.settings({ ...APP_ONLY, ...stack.application() }),
    connector: 'way-out',
  };
  product.provision({
    system: { mailConnectors: [{ ...connector, username: user.name, password: user.password }] },
    tenants: [
      tenant({ mailServer: { name: 'DEFAULT', default: true, ...mailServer }, chain: mailEachMessage(product.home) }),
    ],
  });
  await product.start();
  await stack.say('1', '2');
  await smtp.waitFor(2);
  const ways = new Set(proxy.opened);
  expect(ways).toEqual(new Set([authority.address, `localhost:${smtp.port}`]));
  expect(smtp.signIns.users).toContain(MAILBOX);
  expect(product.output).not.toContain(user.password);
});
