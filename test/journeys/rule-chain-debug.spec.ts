import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { echoAttributes } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, tenant, TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

interface Node {
  readonly id: string;
  readonly name: string;
  readonly debug: { readonly failures: boolean; readonly allUntil: number | null };
}

interface Event {
  readonly nodeId: string;
  readonly originator: { readonly name: string };
  readonly input: { readonly data: unknown };
  readonly outputs: readonly { readonly relation: string }[];
}

let product: Product;
let admin: Visitor;
let chainId: string;
beforeAll(async () => {
  const chain = echoAttributes(mkdtempSync(join(tmpdir(), 'signalpost-chains-')));
  const sandbox = { name: 'DEFAULT', default: true, provider: 'sandbox' };
  product = await Product.start({ provisioning: { tenants: [tenant({ mailServer: sandbox, chain })] } });
  admin = await product.signIn(ADMIN.email, ADMIN.password);
  const [one] = await admin.list<{ id: string }>('/api/rule-chains');
  chainId = one?.id ?? '';
});
afterAll(() => product.dispose());

const nodes = async () => (await admin.get<{ nodes: Node[] }>(`/api/rule-chains/${chainId}`)).nodes;
const events = (nodeId: string) =>
  admin.list<Event>(`/api/rule-chains/${chainId}/debug-events?nodeId=${nodeId}&limit=2`);

it('records what passes a node from the switch on, page by page, until it is switched off', async () => {
  const [first] = await nodes();
  const id = first?.id ?? '';
  await product.telemetry(TOKEN, { before: 1 });
  const until15 = await admin.post<Node['debug']>(`/api/rule-chains/${chainId}/nodes/${id}/debug`, {
    failures: true,
    minutes: 15,
  });
  expect(until15.allUntil).toBeGreaterThan(Date.now());
  for (const n of [1, 2, 3]) await product.telemetry(TOKEN, { n });
  const recorded = await until('three messages', async () => {
    const now = await events(id);
    return now.length >= 3 && now;
  });
  expect(
    recorded.slice(0, 3).map(({ originator, input, outputs }) => [originator.name, input.data, outputs[0]?.relation]),
  ).toEqual([3, 2, 1].map((n) => ['Thermostat A1', { n }, 'Post telemetry']));
  await admin.post(`/api/rule-chains/${chainId}/nodes/${id}/debug`, { failures: false, minutes: 0 });
  expect((await nodes())[0]?.debug).toEqual({ failures: false, allUntil: null });
});

it('keeps secrets that devices send out of the trail', async () => {
  const [first] = await nodes();
  const id = first?.id ?? '';
  await admin.post(`/api/rule-chains/${chainId}/nodes/${id}/debug`, { failures: true, minutes: 15 });
  await product.telemetry(TOKEN, { wifi: { password: 'hunter2-hunter2' } });
  const recorded = await until('the message', async () => {
    const now = await events(id);
    return JSON.stringify(now).includes('wifi') && now;
  });
  expect(JSON.stringify(recorded)).not.toContain('hunter2');
});
