import { afterAll, beforeAll, expect, it } from 'vitest';

import { type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { waitingTutorial } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant, TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

interface Alarm {
  readonly id: string;
  readonly cleared: boolean;
  readonly muted: { readonly by: string; readonly reason: string | null } | null;
}

interface Delivery {
  readonly state: string;
  readonly alarmId: string;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

const OPERATOR = { email: 'operator@example.org', name: 'Olga', password: ADMIN.password };
const CUSTOMER = { email: 'customer@example.org', password: ADMIN.password };

let mailbox: FakeSmtp;
let product: Product;
let operator: Visitor;
beforeAll(async () => {
  mailbox = await startSmtp();
  product = await Product.prepare();
  const plant = tenant({ mailServer: smtp(mailbox.port), chain: waitingTutorial(product.home, 'night@example.org') });
  const customers = [{ name: 'Customer A', users: [CUSTOMER] }];
  product.provision({ tenants: [{ ...plant, customers, operators: [OPERATOR] }] });
  await product.start();
  operator = await product.signIn(OPERATOR.email, OPERATOR.password);
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

const alarms = () => operator.list<Alarm>('/api/alarms?status=all');
const mails = () => operator.list<Delivery>('/api/mail/deliveries');
const active = () => until('an active alarm', async () => (await alarms()).find(({ cleared }) => !cleared));

const report = async (temperature: number) => {
  expect((await product.telemetry(TOKEN, { temperature })).status).toBe(200);
};

/** Clears it, and raises it anew. */
async function raiseAnew(): Promise<Alarm> {
  await report(20);
  await until('all alarms to be cleared', async () => (await alarms()).every(({ cleared }) => cleared));
  await report(90);
  return active();
}

const inAnHour = () => Date.now() + 60 * 60 * 1000;

it('is quiet while an operator wants it to be, loses no mail, makes no dead letter, and speaks again when unmuted', async () => {
  await report(90);
  await mailbox.waitFor(1);
  const first = await active();

  await operator.post(`/api/alarms/${first.id}/mute`, { until: inAnHour(), reason: 'Fitters are there' });
  const second = await raiseAnew();
  expect(second).toMatchObject({ muted: { by: 'Olga', reason: 'Fitters are there' } });
  const held = await until('its mail to be settled', async () =>
    (await mails()).find(({ alarmId, state }) => alarmId === second.id && state === 'suppressed'),
  );
  expect(held.failure).toMatchObject({
    code: 'alarm-muted',
    message: expect.stringContaining('Muted by Olga until'),
  });

  await operator.post(`/api/alarms/${second.id}/unmute`);
  const third = await raiseAnew();
  await mailbox.waitFor(2);
  await until('its mail to be accepted', async () =>
    (await mails()).some(({ alarmId, state }) => alarmId === third.id && state === 'accepted'),
  );
  expect((await mails()).map(({ state }) => state).toSorted()).toEqual(['accepted', 'accepted', 'suppressed']);
  expect(mailbox.mails).toHaveLength(2); // one for the second alarm would have come before this one
  expect(await (await product.signIn(ADMIN.email, ADMIN.password)).list('/api/dead-letters')).toEqual([]);
});

it('lets customer users write to their alarms, and not silence the mails of others', async () => {
  const customer = await product.signIn(CUSTOMER.email, CUSTOMER.password);
  const { id } = await active();
  const refused = await customer.send('POST', `/api/alarms/${id}/mute`, { until: 'cleared' });
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'forbidden' }]);

  await customer.post(`/api/alarms/${id}/comments`, { text: 'Nobody is in the building.' });
  expect(await operator.list(`/api/alarms/${id}/comments`)).toMatchObject([
    { kind: 'comment', author: 'customer@example.org', text: 'Nobody is in the building.', own: false },
    { kind: 'raised', author: null },
  ]);
});
