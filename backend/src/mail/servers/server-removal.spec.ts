import { randomUUID } from 'node:crypto';

import { CATALOG } from '@signalpost/rule-nodes';
import type { MailServerChoice } from '@signalpost/rule-nodes/runtime';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { mailCall, NODE } from '../outbox/mail-room.testing.js';
import { Outbox } from '../outbox/outbox.js';
import { startServersApi, type Body, type ServersApi, type Who } from './servers-api.testing.js';

const sendEmailNode = CATALOG.find(({ uses }) => uses.some((port) => port === 'mail'))!;

let api: ServersApi;
beforeAll(async () => {
  api = await startServersApi();
});
afterAll(() => api.close());

let count = 0;
const make = async (who: Who = 'admin', identity: object = {}): Promise<string> => {
  const settings = { provider: 'custom', from: 'a@example.org', host: 'smtp.example.org' };
  const made = await api.as(who, 'POST', '/servers', { name: `Server ${++count}`, ...identity, settings });
  return String(made.body['id']);
};
/** A published chain with one node that sends. */
async function addChain(tenantId: string, server: MailServerChoice | null, managed = false): Promise<string> {
  const [id, name] = [randomUUID(), `Chain ${++count}`];
  const config = { ...(sendEmailNode.defaults as object), server, useSystemSmtpSettings: server === null };
  const node = { id: randomUUID(), type: sendEmailNode.type, name: 'send', config, configVersion: 0, debug: false };
  const definition = { firstNodeId: node.id, nodes: [{ ...node, layout: { x: 0, y: 0 } }], connections: [] };
  await api.test.database.transaction(async (uow) => {
    await uow.query(
      'INSERT INTO rule_chain (tenant_id, id, name, published_version, managed) VALUES ($1, $2, $3, 1, $4)',
      [tenantId, id, name, managed],
    );
    await uow.query(
      'INSERT INTO rule_chain_version (tenant_id, chain_id, version, definition) VALUES ($1, $2, 1, $3)',
      [tenantId, id, JSON.stringify(definition)],
    );
  });
  return name;
}
const named = (serverId: string): MailServerChoice => ({ use: 'named', serverId });
const usage = async (id: string, who: Who = 'admin') => {
  const { body } = await api.as(who, 'GET', `/servers/${id}/usage`);
  const items = body['items'] as { ruleChain: { name: string }; node: { name: string }; via: string }[]; // of the schema
  return {
    items: items.map(({ ruleChain, node, via }) => [ruleChain.name, node.name, via]),
    waitingMails: body['waitingMails'],
  };
};
const enqueue = (server: MailServerChoice) =>
  api.test.database.transaction((uow) =>
    api.test.app
      .get(Outbox)
      .enqueue(uow, { tenantId: api.people.tenantId, chainId: NODE, nodeId: NODE, nodeName: 'send' }, [
        mailCall({ server }),
      ]),
  );

it('tells which nodes of which chains send over a server, by name or as the default', async () => {
  const [first, second] = [await make(), await make()];
  const { tenantId } = api.people;
  const chains = [
    await addChain(tenantId, named(second)),
    await addChain(tenantId, { use: 'tenant-default' }),
    await addChain(tenantId, null),
  ];
  expect(await usage(second)).toEqual({ items: [[chains[0], 'send', 'named']], waitingMails: 0 });
  expect(await usage(first)).toEqual({
    items: [
      [chains[1], 'send', 'default'],
      [chains[2], 'send', 'default'],
    ],
    waitingMails: 0,
  });
});

it("tells the system who of the allowed tenants send over the system's default server", async () => {
  const system = await make('system');
  const { otherTenantId } = api.people;
  const chain = await addChain(otherTenantId, { use: 'system' });
  expect(await usage(system, 'system')).toMatchObject({ items: [] });
  await api.test.database.query(`UPDATE tenant SET limits = '{"mayUseSystemMail": true}' WHERE id = $1`, [
    otherTenantId,
  ]);
  expect(await usage(system, 'system')).toMatchObject({ items: [[`${chain} (Other)`, 'send', 'system']] });
});

it('deletes what nobody uses, and nothing else without a successor', async () => {
  await make();
  const [used, free] = [await make(), await make()];
  await addChain(api.people.tenantId, named(used));
  expect(await api.as('admin', 'DELETE', `/servers/${free}`)).toMatchObject({ status: 204 });
  expect(await api.as('admin', 'GET', `/servers/${free}`)).toMatchObject({ status: 404 });
  const refused = await api.as('admin', 'DELETE', `/servers/${used}`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'mail-server-in-use' } });
  expect(String(refused.body['detail'])).toMatch(/^Rule chains send over it: "Chain \d+"\.$/);
  const wrong = [used, randomUUID(), await make('stranger')];
  for (const replacementId of wrong)
    expect(await api.as('admin', 'DELETE', `/servers/${used}?replacementId=${replacementId}`)).toMatchObject({
      status: 400,
    });
});

it('hands chains, waiting mails and messages under way to the successor', async () => {
  const { tenantId } = api.people;
  await make();
  const [old, successor] = [await make(), await make()];
  const chain = await addChain(tenantId, named(old));
  await enqueue(named(old));
  expect(await usage(old)).toMatchObject({ waitingMails: 1 });
  expect(await api.as('admin', 'DELETE', `/servers/${old}?replacementId=${successor}`)).toMatchObject({ status: 204 });
  expect(await usage(successor)).toEqual({ items: [[chain, 'send', 'named']], waitingMails: 1 });
  const [version] = await api.test.database.query<{ published_version: number }>(
    'SELECT published_version FROM rule_chain WHERE tenant_id = $1 AND name = $2',
    [tenantId, chain],
  );
  expect(version?.published_version).toBe(2);
  await enqueue(named(old));
  expect(await usage(successor)).toMatchObject({ waitingMails: 2 });
  const last = await make();
  await api.as('admin', 'DELETE', `/servers/${successor}?replacementId=${last}`);
  await enqueue(named(old));
  expect(await usage(last)).toMatchObject({ waitingMails: 3 });
});

it('passes the default on', async () => {
  const [first, second] = [await make('stranger'), await make('stranger')];
  const ofStranger = (await api.as('stranger', 'GET', '/servers')).body['items'] as Body[]; // of the schema
  const current = ofStranger.find(({ isDefault }) => isDefault);
  const id = String(current?.['id']);
  await api.test.database.query(`UPDATE tenant SET limits = '{}' WHERE id = $1`, [api.people.otherTenantId]);
  await api.test.database.query('DELETE FROM rule_chain WHERE tenant_id = $1', [api.people.otherTenantId]);
  expect(await api.as('stranger', 'DELETE', `/servers/${id}`)).toMatchObject({
    status: 409,
    body: { code: 'default-mail-server-needed' },
  });
  const heir = id === second ? first : second;
  expect(await api.as('stranger', 'DELETE', `/servers/${id}?replacementId=${heir}`)).toMatchObject({ status: 204 });
  expect((await api.as('stranger', 'GET', `/servers/${heir}`)).body).toMatchObject({ default: true });
});

it('keeps what the provisioning file manages as it is', async () => {
  const id = await make('system');
  await api.test.database.query('UPDATE mail_server SET managed = true WHERE tenant_id = $1 AND id = $2', [
    SYSTEM_TENANT_ID,
    id,
  ]);
  const managed = { status: 409, body: { code: 'managed-by-file' } };
  const { body, etag } = await api.as('system', 'GET', `/servers/${id}`);
  const settings = { provider: 'custom', from: 'a@example.org', host: 'smtp.example.org' };
  expect(await api.as('system', 'PUT', `/servers/${id}`, { name: body['name'], settings }, etag)).toMatchObject(
    managed,
  );
  expect(await api.as('system', 'DELETE', `/servers/${id}`)).toMatchObject(managed);
});
