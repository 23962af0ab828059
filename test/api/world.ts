import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { alarmAndMail } from '../stack/chains.js';
import { ask } from '../stack/database.js';
import { freePort } from '../stack/free-port.js';
import { Product } from '../stack/product.js';
import { smtp } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';
import { Side } from './side.js';

/** Each device raises one alarm, one mail and one dead letter; calls that use one up need one each. */
const DEVICES = 12;
const OF_ANOTHER_CUSTOMER = 2;

export interface World {
  readonly product: Product;
  readonly system: Side;
  readonly own: Side;
  readonly foreign: Side;
}

/** Two tenants with the same things inside, and the system scope; none of it is managed by a file any more. */
export async function makeWorld(): Promise<World> {
  const product = await Product.prepare();
  const system = new Side(product, 'system-side', ['system']);
  const [own, foreign] = ['alpha-side', 'beta-side'].map(
    (mark) => new Side(product, mark, ['admin', 'operator', 'customer']),
  ) as [Side, Side]; // two names, two sides
  const nobodyListens = await freePort();
  product.provision({
    system: { admins: [system.person('system')], mailServers: [sandbox('DEFAULT', true)] },
    tenants: [own, foreign].map((side) => tenantOf(side, nobodyListens)),
  });
  await product.start();
  await unlockEverything(product);
  for (const side of [system, own, foreign]) await side.signIn();
  for (const side of [own, foreign]) await fillTenant(side);
  for (const side of [system, own, foreign]) await fillScope(side);
  return { product, system, own, foreign };
}

const sandbox = (name: string, isDefault: boolean) => ({
  ...{ name, default: isDefault, provider: 'sandbox' },
  from: 'Signalpost <noreply@example.org>',
});

/** Its mails wait: nobody listens where the default server should be. */
function tenantOf(side: Side, port: number): object {
  const { mark } = side;
  const device = (customer: number) => (_: unknown, index: number) => ({
    name: `${mark} device ${customer}-${index}`,
    type: 'thermostat',
    token: tokenOf(side, customer, index),
    customer: `${mark} customer ${customer}`,
  });
  return {
    name: mark,
    admins: [side.person('admin')],
    operators: [side.person('operator')],
    mailServers: [smtp(port), sandbox('SANDBOX', false)],
    customers: [1, 2].map((number) => ({
      name: `${mark} customer ${number}`,
      users: number === 1 ? [side.person('customer')] : [],
    })),
    devices: [...Array.from({ length: DEVICES }, device(1)), ...Array.from({ length: OF_ANOTHER_CUSTOMER }, device(2))],
    ruleChains: [{ file: alarmAndMail(side.product.home), name: `${mark} chain`, root: true }],
  };
}

const tokenOf = ({ mark }: Side, customer: number, device: number): string => `${mark}-${customer}-${device}`;

/** What a file named before and names no more can be changed by people. */
async function unlockEverything(product: Product): Promise<void> {
  const file = join(product.home, 'empty.yaml');
  writeFileSync(file, 'system: {}\ntenants: []\n');
  await product.cli('apply', file);
}

async function fillTenant(side: Side): Promise<void> {
  for (let device = 0; device < DEVICES; device += 1) await report(side, tokenOf(side, 1, device));
  for (let device = 0; device < OF_ANOTHER_CUSTOMER; device += 1) await report(side, tokenOf(side, 2, device));
  for (const [kind, path] of [
    ['device', '/api/devices'],
    ['alarm', '/api/alarms'],
    ['customer', '/api/customers'],
  ] as const) {
    const all = await enough(side, path, kind === 'customer' ? 2 : DEVICES + OF_ANOTHER_CUSTOMER);
    const ofCustomer = await ids(side.as('customer'), path);
    side.keep(kind, ofCustomer);
    side.keep(
      `another customer's ${kind}`,
      all.filter((id) => !ofCustomer.includes(id)),
    );
  }
  side.keep('delivery', await enough(side, '/api/mail/deliveries?state=waiting', DEVICES + OF_ANOTHER_CUSTOMER));
  await until('no mail to be under way', () => areLeftAlone(side.product.databaseUrl));
  side.keep('dead-letter', await enough(side, '/api/dead-letters', DEVICES + OF_ANOTHER_CUSTOMER));
  side.keep('rule-chain', await ids(side.chief, '/api/rule-chains'));
  const chain = side.one('rule-chain');
  const { nodes } = await side.chief.get<{ nodes: { id: string }[] }>(`/api/rule-chains/${chain}`);
  side.keep('rule-chain node', [`${chain}/${nodes[0]!.id}`]);
}

/** Now and then one of the mails tries the server, and what is being sent cannot be cancelled: here they wait for tomorrow. */
async function areLeftAlone(databaseUrl: string): Promise<boolean> {
  const tomorrow = `UPDATE delivery SET next_attempt_at = now() + interval '1 day' WHERE state = 'waiting'`;
  const restless = `SELECT FROM delivery WHERE state = 'sending' OR state = 'waiting' AND next_attempt_at < now() + interval '1 hour'`;
  await ask(databaseUrl, tomorrow);
  return (await ask(databaseUrl, restless)).length === 0;
}

async function report({ product, mark }: Side, token: string): Promise<void> {
  await product.telemetry(token, { id: `${mark} mail` });
  await product.telemetry(token, { id: `${mark} mail`, broken: true });
}

async function ids(visitor: Visitor, path: string): Promise<string[]> {
  return (await visitor.list<{ id: string }>(path)).map(({ id }) => id);
}

const enough = (side: Side, path: string, count: number): Promise<string[]> =>
  until(`${count} of ${path}`, async () => {
    const found = await ids(side.chief, path);
    return found.length >= count && found;
  });

/** What tenants and the system have alike. */
async function fillScope(side: Side): Promise<void> {
  const servers = await side.chief.list<{ id: string; provider: string }>('/api/mail/servers');
  side.keep(
    'mail-server',
    servers.map(({ id }) => id),
  );
  const sandboxId = servers.find(({ provider }) => provider === 'sandbox')!.id;
  for (let mail = 0; mail < 3; mail += 1)
    await side.chief.post(`/api/mail/servers/${sandboxId}/test-mail`, { recipient: `me@${side.mark}.example` });
  side.keep('inbox-message', await enough(side, '/api/inbox/messages', 3));
  if (side.isSystem) await sendSystemMails(side);
  await side.fill();
}

/** Invitations go over the system's server. */
async function sendSystemMails(side: Side): Promise<void> {
  for (let mail = 0; mail < 4; mail += 1) await side.chief.post('/api/users', { ...side.invitation(), sendMail: true });
  side.keep('delivery', await enough(side, '/api/mail/deliveries?state=accepted', 4));
}
