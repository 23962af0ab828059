import { afterEach, expect, it } from 'vitest';

import { type FakeSmtp, startBlackHole, startSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { freePort } from '../stack/free-port.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant, TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly subject: string;
  readonly attempts: number;
  readonly failure: { readonly code: string; readonly message: string; readonly retryable: boolean } | null;
}

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function mailboxOn(persona: Parameters<typeof startSmtp>[0]): Promise<FakeSmtp> {
  const mailbox = await startSmtp(persona);
  cleanUp.push(() => mailbox.stop());
  return mailbox;
}

async function productWith(
  ...tenants: readonly { name: string; mailServer: object; tokens: string[]; email: string }[]
): Promise<Product> {
  const product = await Product.prepare();
  cleanUp.push(() => product.dispose());
  const chain = mailEachMessage(product.home);
  product.provision({
    tenants: tenants.map(({ email, ...rest }) => tenant({ ...rest, chain, admin: { ...ADMIN, email } })),
  });
  await product.start();
  return product;
}

const demo = (mailServer: object) => ({ name: 'Demo', mailServer, tokens: [TOKEN], email: ADMIN.email });
const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

it('loses nothing while the mail server is down, and says why it waits', async () => {
  const port = await freePort();
  const product = await productWith(demo(smtp(port)));
  const wanted = ids('down', 20);
  for (const id of wanted) expect((await product.telemetry(TOKEN, { id })).status).toBe(200);

  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const deliveries = () => admin.list<Delivery>('/api/mail/deliveries');
  const [tried] = await until('a first attempt', async () => {
    const all = await deliveries();
    return (
      all.length === wanted.length &&
      all.some((delivery) => delivery.failure !== null) &&
      all.filter((one) => one.failure !== null)
    );
  });
  expect(tried).toMatchObject({ state: 'waiting', failure: { retryable: true } });
  expect(tried?.failure?.message).toMatch(/\w+ .*\./);

  const mailbox = await mailboxOn({ port });
  await mailbox.waitFor(wanted.length, 90_000);
  await until('every mail to be settled', async () =>
    (await deliveries()).every((delivery) => delivery.state === 'accepted'),
  );
  expect(mailbox.mails.map((mail) => mail.subject).sort()).toEqual([...wanted].sort());
});

it('comes back to a server that says "not now", and gives up at one that says "never"', async () => {
  const mailbox = await mailboxOn({ greylists: 1 });
  const product = await productWith(demo(smtp(mailbox.port)));
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const only = async () => (await admin.list<Delivery>('/api/mail/deliveries'))[0];

  await product.telemetry(TOKEN, { id: 'later' });
  const delayed = await until('the first attempt', async () => {
    const delivery = await only();
    return delivery?.failure !== null && delivery;
  });
  expect(delayed).toMatchObject({ state: 'waiting', failure: { retryable: true } });
  await mailbox.waitFor(1, 90_000);

  const never = await mailboxOn({ refuses: '5.1.1 No such user here' });
  const other = await productWith({ ...demo(smtp(never.port)), name: 'Other' });
  await other.telemetry(TOKEN, { id: 'never' });
  const otherAdmin = await other.signIn(ADMIN.email, ADMIN.password);
  const refused = await until('the refusal', async () => {
    const [delivery] = await otherAdmin.list<Delivery>('/api/mail/deliveries');
    return delivery?.state === 'refused' && delivery;
  });
  expect(refused).toMatchObject({ attempts: 1, failure: { retryable: false } });
  expect(never.mails).toEqual([]);
});

it('sends a mail whose answer got lost once more, as the very same mail', async () => {
  const mailbox = await mailboxOn({ dropsAfterData: 1 });
  const product = await productWith(demo(smtp(mailbox.port)));
  await product.telemetry(TOKEN, { id: 'cut' });
  const [first, second] = await mailbox.waitFor(2, 90_000);
  expect(second?.messageId).toBe(first?.messageId);
  expect(second?.mail.text).toBe(first?.mail.text);
});

it("does not let one tenant's silent server hold up another's mails", async () => {
  const hole = await startBlackHole();
  cleanUp.push(() => hole.stop());
  const mailbox = await mailboxOn({});
  const product = await productWith(
    { name: 'Silent', mailServer: smtp(hole.port), tokens: ids('SILENT', 10), email: 'silent@example.org' },
    { name: 'Well', mailServer: smtp(mailbox.port), tokens: ids('WELL', 10), email: 'well@example.org' },
  );
  for (const [index, id] of ids('lost', 200).entries()) await product.telemetry(`SILENT-${index % 10}`, { id });
  await until('the silent server to hold connections', () => hole.connections() > 0);

  const wanted = ids('well', 50);
  for (const [index, id] of wanted.entries()) await product.telemetry(`WELL-${index % 10}`, { id });
  await mailbox.waitFor(wanted.length);
  expect(mailbox.mails.map((mail) => mail.subject).sort()).toEqual([...wanted].sort());
  expect(hole.connections()).toBeGreaterThan(0);
});
