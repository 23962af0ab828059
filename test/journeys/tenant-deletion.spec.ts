import { afterAll, beforeAll, expect, it } from 'vitest';

import { type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { ask } from '../stack/database.js';
import { Product } from '../stack/product.js';
import { smtp, tenant } from '../stack/tenant.js';
import { until } from '../stack/until.js';

const SYSTEM = { email: 'sysadmin@example.org', password: 'a-long-enough-secret' };
const KEPT = { email: 'kept@example.org', password: SYSTEM.password };
const GONE = { email: 'gone@example.org', password: SYSTEM.password };

let mailbox: FakeSmtp;
let product: Product;
beforeAll(async () => {
  mailbox = await startSmtp();
  product = await Product.prepare();
  const chain = mailEachMessage(product.home);
  const mailServer = smtp(mailbox.port);
  product.provision({
    system: { admins: [SYSTEM] },
    tenants: [
      tenant({ name: 'Kept', mailServer, chain, admin: KEPT, tokens: ['KEPT_TOKEN'] }),
      tenant({ name: 'Gone', mailServer, chain, admin: GONE, tokens: ['GONE_TOKEN'] }),
    ],
  });
  await product.start();
  await ask(product.databaseUrl, 'UPDATE tenant SET managed = false');
});
afterAll(async () => {
  await product.dispose();
  await mailbox.stop();
});

/** Of every table that holds something of tenants; the audit log is meant to stay. */
async function tablesWith(tenantId: string): Promise<string[]> {
  const tables = await ask<{ name: string }>(
    product.databaseUrl,
    `SELECT table_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
     WHERE column_name = 'tenant_id' AND table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'audit_event%'`,
  );
  const held: string[] = [];
  for (const { name } of tables) {
    const rows = await ask(product.databaseUrl, `SELECT 1 FROM ${name} WHERE tenant_id = '${tenantId}' LIMIT 1`);
    if (rows.length > 0) held.push(name);
  }
  return held;
}

/** @returns the first answer that is no 200 */
async function floodUntilRefused(): Promise<number> {
  for (let n = 0; ; n += 1) {
    const { status } = await product.telemetry('GONE_TOKEN', { id: `gone-${n}`, temperature: n });
    if (status !== 200) return status;
  }
}

it('deletes a tenant in full traffic, with all that it has, while another goes on', async () => {
  const system = await product.signIn(SYSTEM.email, SYSTEM.password);
  const gone = (await system.list<{ id: string; name: string }>('/api/tenants')).find(({ name }) => name === 'Gone');
  const id = gone?.id ?? '';
  const refused = floodUntilRefused();
  await mailbox.waitFor(5);
  expect(await tablesWith(id)).toContain('delivery');
  expect((await system.send('DELETE', `/api/tenants/${id}?confirm=Gone`)).status).toBe(204);
  expect(await refused).toBe(401);

  expect((await product.telemetry('KEPT_TOKEN', { id: 'still here' })).status).toBe(200);
  await until('the mail of the other tenant', () => mailbox.mails.some(({ subject }) => subject === 'still here'));
  await until('nothing to be left', async () => (await tablesWith(id)).length === 0);
  expect(await product.visitor().send('POST', '/api/auth/sign-in', GONE)).toMatchObject({ status: 401 });
  expect((await fetch(`${product.url}/health/ready`)).status).toBe(200);
  const log = await system.list<{ action: string }>('/api/audit?action=tenant.deleted');
  expect(log).toMatchObject([{ action: 'tenant.deleted', entity: { name: 'Gone' } }]);
});
