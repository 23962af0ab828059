import { afterAll, beforeAll, expect, it } from 'vitest';

import { type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { tutorial } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant, TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';

interface Alarm {
  readonly type: string;
  readonly severity: string;
  readonly cleared: boolean;
  readonly originator: { readonly name: string };
  readonly startTs: number;
  readonly endTs: number;
}

let mailbox: FakeSmtp;
let product: Product;
beforeAll(async () => {
  mailbox = await startSmtp();
  product = await Product.prepare();
  const chain = tutorial(product.home, 'operator@example.org');
  product.provision({ tenants: [tenant({ mailServer: smtp(mailbox.port), chain })] });
  await product.start();
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

const report = async (temperature: number) => {
  const answer = await product.telemetry(TOKEN, { temperature });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
};

it('does what the author of the tutorial meant: one mail for each new alarm, none for its updates', async () => {
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const alarms = () => admin.list<Alarm>('/api/alarms?status=all');

  await report(90);
  const [first] = await mailbox.waitFor(1);
  expect(first).toMatchObject({
    subject: 'Device thermostat temperature unacceptable',
    from: 'info@testmail.org',
    recipients: ['operator@example.org'],
  });
  expect(first?.mail.text?.trim()).toBe('Device Thermostat A1 has unacceptable temperature: 90');
  expect(await alarms()).toMatchObject([
    { type: 'Critical Temperature', severity: 'CRITICAL', cleared: false, originator: { name: 'Thermostat A1' } },
  ]);

  await report(91);
  await until('the alarm to be updated', async () => (await alarms()).some((alarm) => alarm.endTs > alarm.startTs));
  await report(20);
  await until('the alarm to be cleared', async () => (await alarms()).every((alarm) => alarm.cleared));
  expect(await alarms()).toHaveLength(1);

  await report(90);
  await mailbox.waitFor(2);
  expect((await alarms()).map((alarm) => alarm.cleared).sort()).toEqual([false, true]);
  expect(mailbox.mails).toHaveLength(2); // a mail for 91° would have come before this one
  expect(new Set(mailbox.mails.map((mail) => mail.messageId)).size).toBe(2);
});
