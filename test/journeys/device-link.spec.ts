import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { echoAttributes } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, tenant, TOKEN } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import type { Visitor } from '../stack/visitor.js';

/** Two instances of one installation: the device is connected to the one, people and messages come to the other. */
let here: Product;
let there: Product;
let admin: Visitor;
let deviceId: string;
beforeAll(async () => {
  const chain = echoAttributes(mkdtempSync(join(tmpdir(), 'signalpost-chains-')));
  const sandbox = { name: 'DEFAULT', default: true, provider: 'sandbox' };
  here = await Product.start({ provisioning: { tenants: [tenant({ mailServer: sandbox, chain })] } });
  const { DATABASE_URL, SECRET_KEYS } = here.env;
  there = await Product.start({ env: { DATABASE_URL, SECRET_KEYS } });
  admin = await here.signIn(ADMIN.email, ADMIN.password);
  const [device] = await admin.list<{ id: string }>('/api/devices');
  deviceId = device?.id ?? '';
});
afterAll(async () => {
  await there.dispose();
  await here.dispose();
});

/** Writes until the device that waits at the other instance has heard of it: nobody knows when it has begun to wait. */
async function heard(write: (turn: number) => Promise<unknown>): Promise<unknown> {
  let answer: Response | undefined;
  const waiting = fetch(`${there.url}/api/v1/${TOKEN}/attributes/updates?timeout=20000`).then(
    (came) => (answer = came),
  );
  let turn = 0;
  await until('the device to hear of it', async () => {
    await write((turn += 1));
    return answer !== undefined;
  });
  return (await waiting).json();
}

const put = (values: object) => admin.send('PUT', `/api/devices/${deviceId}/attributes/SHARED_SCOPE`, { values });

it('tells a device of the shared attributes that an administrator writes, whichever instance it waits at', async () => {
  expect(await heard((turn) => put({ limit: turn }))).toEqual({ limit: expect.any(Number) });
});

it('tells a device of an attribute that is gone', async () => {
  const gone = async () => {
    await put({ passing: 1 });
    return admin.send('DELETE', `/api/devices/${deviceId}/attributes/SHARED_SCOPE/passing`);
  };
  const news = await heard(gone);
  expect([{ passing: 1 }, { deleted: ['passing'] }]).toContainEqual(news);
});

it('tells a device what a rule chain has written', async () => {
  const report = (turn: number) => here.visitor().send('POST', `/api/v1/${TOKEN}/attributes`, { echoed: turn });
  const news = [await heard(report), await heard(report)]; // the first may be the end of what was written before
  expect(news).toContainEqual({ echoed: expect.any(Number) });
});
