import { afterAll, beforeAll, expect, it } from 'vitest';

import { CA_FILE, type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { withSmtp } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, tenant, TOKEN } from '../stack/tenant.js';

let mailbox: FakeSmtp;
let product: Product;
beforeAll(async () => {
  mailbox = await startSmtp({ tls: 'starttls', user: { name: 'apikey', password: 'REDACTED' } });
  product = await Product.prepare({ env: { NODE_EXTRA_CA_CERTS: CA_FILE } });
  const chain = withSmtp('send_email_rule_chain.json', product.home, { smtpHost: '127.0.0.1', smtpPort: mailbox.port });
  product.provision({
    tenants: [tenant({ mailServer: { name: 'DEFAULT', default: true, provider: 'sandbox' }, chain })],
  });
  await product.start();
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

it("tells the device's customer, with the device's address, by the mail server that the file brought along", async () => {
  await product.telemetry(TOKEN, { temperature: 42 });
  await product.telemetry(TOKEN, { temperature: 61 });
  const [mail] = await mailbox.waitFor(1);
  expect(mail).toMatchObject({ subject: 'Device thermostat temperature high', recipients: ['customer@example.org'] });
  expect(mail?.mail.text?.trim()).toBe('Device Thermostat A1 has high temperature 61. Device address - Main St 12');
});

it('keeps the password of that server where nobody reads it back', async () => {
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const servers = await admin.list('/api/mail/servers');
  expect(servers).toContainEqual(
    expect.objectContaining({ host: '127.0.0.1', port: mailbox.port, provider: 'custom' }),
  );
  const chains = await admin.list<{ id: string; name: string }>('/api/rule-chains');
  const exported = await Promise.all(chains.map(({ id }) => admin.get(`/api/rule-chains/${id}/export`)));
  expect(JSON.stringify([servers, chains, exported])).not.toContain('REDACTED');
});
