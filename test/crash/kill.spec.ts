import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, it } from 'vitest';

import { type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant } from '../stack/tenant.js';
import { until } from '../stack/until.js';

const MESSAGES = 500;
const DEVICES = 20;
const AT_A_TIME = 16;
const MAX_CONNECTIONS = 5;
const tokens = Array.from({ length: DEVICES }, (_, index) => `DEVICE_${index}`);

let product: Product;
let mailbox: FakeSmtp;
afterEach(async () => {
  await product.dispose();
  await mailbox.stop();
});

/** Sends `ids` as fast as they are accepted; what is refused or cut off is not tried again. */
async function load(ids: readonly string[], onAccepted: (id: string) => void): Promise<void> {
  const waiting = [...ids];
  const sender = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const answer = await product
        .telemetry(tokens[Number(id.slice(2)) % DEVICES] ?? '', { id })
        .catch(() => undefined);
      if (answer?.ok === true) onAccepted(id);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, sender));
}

async function settled(): Promise<boolean> {
  const admin = await product.signIn(ADMIN.email, ADMIN.password);
  const open = await Promise.all(
    ['waiting', 'sending'].map((state) => admin.list(`/api/mail/deliveries?state=${state}`)),
  );
  return open.flat().length === 0;
}

async function prepare(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  mailbox = await startSmtp({ slowMs: 2 });
  product = await Product.prepare({ env });
  const chain = mailEachMessage(product.home);
  const mailServer = smtp(mailbox.port, { maxConnections: MAX_CONNECTIONS });
  product.provision({ tenants: [tenant({ mailServer, chain, tokens })] });
  await product.start();
}

/** `kill -9` once half of the messages are accepted, another start, the rest; gives the accepted ids. */
async function killInTheMiddle(kill: () => Promise<void>): Promise<ReadonlySet<string>> {
  const ids = Array.from({ length: MESSAGES }, (_, index) => `m-${index}`);
  const accepted = new Set<string>();
  let killed: Promise<void> | undefined;
  const first = load(ids.slice(0, MESSAGES / 2 + DEVICES), (id) => {
    accepted.add(id);
    if (accepted.size >= MESSAGES / 2) killed ??= kill();
  });
  await first;
  await killed;
  expect(killed).toBeDefined();
  await product.start();
  await load(ids.slice(MESSAGES / 2 + DEVICES), (id) => accepted.add(id));
  expect(accepted.size).toBeGreaterThan(MESSAGES - 3 * AT_A_TIME);
  return accepted;
}

async function expectOneMailEach(accepted: ReadonlySet<string>): Promise<void> {
  const missing = () => {
    const arrived = new Set(mailbox.mails.map((mail) => mail.subject));
    return [...accepted].filter((id) => !arrived.has(id));
  };
  await until('every accepted message to arrive', () => missing().length === 0, 90_000);
  await until('every mail to be settled', settled, 90_000);
  const bySubject = Map.groupBy(mailbox.mails, (mail) => mail.subject);
  const repeated = [...bySubject.values()].filter((mails) => mails.length > 1);
  for (const mails of repeated) expect(new Set(mails.map((mail) => mail.messageId)).size).toBe(1);
  expect(Math.max(...[...bySubject.values()].map((mails) => mails.length))).toBeLessThanOrEqual(2);
  expect(repeated.length).toBeLessThanOrEqual(4 * MAX_CONNECTIONS); // what may be under way to one server
}

it('mails every accepted message once when the product is killed in the middle', async () => {
  await prepare({});
  await expectOneMailEach(await killInTheMiddle(() => product.kill()));
});

it('mails every accepted message once when its embedded PostgreSQL is killed with it', async () => {
  await prepare({ DATABASE_URL: undefined, SECRET_KEYS: undefined });
  const killBoth = async (): Promise<void> => {
    const pid = Number(readFileSync(join(product.home, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, 'SIGKILL');
    await product.kill();
  };
  await expectOneMailEach(await killInTheMiddle(killBoth));
});
