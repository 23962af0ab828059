import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { until } from '../stack/until.js';

const DEMO = { DATABASE_URL: undefined, SECRET_KEYS: undefined, EGRESS_ALLOW: undefined, DEMO: 'true' };
const ADMIN = { email: 'tenant@example.org', password: 'change-me-too' };

let product: Product;
beforeAll(async () => {
  product = await Product.start({ env: DEMO });
});
afterAll(() => product.dispose());

interface InboxMessage {
  readonly id: string;
  readonly subject: string;
  readonly recipients: readonly string[];
}

/** The line that the start prints for a person to copy. */
async function suggestion(): Promise<{ url: string; body: string }> {
  const line = await until('the suggested line', () => /curl .*/.exec(product.output)?.[0]);
  const url = /https?:\/\/[^\s'"]+/.exec(line)?.[0] ?? '';
  const body = /(?:-d|--data|--json) ?'([^']+)'/.exec(line)?.[1] ?? '';
  return { url, body };
}

it('prints where to go, who can sign in, and one line to try', async () => {
  await suggestion();
  expect(product.output).toMatch(new RegExp(`http://(localhost|127\\.0\\.0\\.1):${product.env['PORT'] ?? ''}`));
  for (const email of ['sysadmin@example.org', 'tenant@example.org', 'operator@example.org', 'customer@example.org']) {
    expect(product.output).toContain(email);
  }
});

it('turns that line into an alarm and a mail in the inbox', async () => {
  const { url, body } = await suggestion();
  const answer = await fetch(url.replace('localhost', '127.0.0.1'), {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json' },
  });
  expect([answer.status, await answer.text()]).toEqual([200, '']);

  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const mail = await until(
    'the mail in the inbox',
    async () => (await admin.list<InboxMessage>('/api/inbox/messages'))[0],
  );
  expect(mail).toMatchObject({ subject: 'Too hot: Thermostat A1 reports 90 °C', recipients: ['customer@example.org'] });
  const whole = await admin.get<{ html: string }>(`/api/inbox/messages/${mail.id}`);
  expect(whole.html).toContain('Main St 12');
  expect(whole.html).not.toMatch(/\$[{[]/);
  expect(await admin.list('/api/alarms?status=active')).toHaveLength(1);
});

it('sends the all-clear when it cools down', async () => {
  await product.telemetry('A1_TOKEN', { humidity: 50 });
  await product.telemetry('A1_TOKEN', { temperature: 21.5 });
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const subjects = async () => (await admin.list<InboxMessage>('/api/inbox/messages')).map((mail) => mail.subject);
  await until('the all-clear', async () => (await subjects()).includes('All clear: Thermostat A1 is back at 21.5 °C'));
  expect(await subjects()).toHaveLength(2);
});

it('keeps everything over a kill and fills nothing twice', async () => {
  await product.kill();
  await product.start();
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  expect(await admin.list('/api/inbox/messages')).toHaveLength(2);
  expect(await admin.list('/api/alarms?status=all')).toHaveLength(1);
});

it('shows the demo to this machine alone', async () => {
  const open = await Product.prepare({ env: { ...DEMO, HOST: '0.0.0.0', DATA_DIR: join(product.home, 'other') } });
  const { code, output } = await open.startToEnd();
  expect(code).toBe(1);
  expect(output).toMatch(/DEMO.*HOST|HOST.*DEMO/s);
  await open.dispose();
});
