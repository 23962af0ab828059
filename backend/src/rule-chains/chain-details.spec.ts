import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { SYSTEM_ACTOR } from '../access/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { EventBus } from '../http/events/index.js';
import { mailServersForTests } from '../mail/mail-servers.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { ChainDetails } from './chain-details.js';
import { RuleChains } from './rule-chains.js';

const FIXTURES = new URL('../../../rule-nodes/src/thingsboard/fixtures/', import.meta.url);
const NOW = 1_700_000_000_000;

let db: Database;
let chains: RuleChains;
let details: ChainDetails;
let tenantId: string;
let chainId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  chains = new RuleChains(db, mailServersForTests(db).servers, new EventBus());
  details = new ChainDetails(db, { now: () => NOW }, new EventBus());
  tenantId = await addTenant(db);
  const file = await readFile(new URL('create_clear_alarm___send_email.json', FIXTURES), 'utf8');
  const withDebug = file.replaceAll('"debugMode": false', '"debugMode": true');
  const imported = await chains.import(tenantId, JSON.parse(withDebug) as Record<string, unknown>, SYSTEM_ACTOR);
  chainId = imported.chain.id;
});
afterAll(() => db.close());

const node = async (name: string) => {
  const found = (await details.get(tenantId, chainId)).nodes.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no node ${name}.`);
  return found;
};

it('shows the nodes in the order in which messages reach them, and where they go on', async () => {
  const { nodes } = await details.get(tenantId, chainId);
  expect(nodes.map(({ typeName, first }) => [typeName, first])).toEqual([
    ['script', true],
    ['clear alarm', false],
    ['script', false],
    ['create alarm', false],
    ['to email', false],
    ['send email', false],
  ]);
  expect(nodes[0]?.outputs.map(({ label }) => label).sort()).toEqual(['False', 'True']);
});

it('records failures alone of nodes that a file has debug on, since nobody knows when that was meant', async () => {
  const { nodes } = await details.get(tenantId, chainId);
  expect(nodes.map(({ debug }) => debug.failures)).toEqual(nodes.map(() => true));
  expect(nodes.every(({ debug }) => debug.allUntil === null)).toBe(true);
});

it('records all messages of a node for some minutes, and the others stay as they are', async () => {
  const [one, other] = [await node('Create Alarm'), await node('Clear Alarm')];
  const place = { tenantId, chainId, nodeId: one.id };
  const until = NOW + 15 * 60_000;
  expect(await details.switchDebug(place, { failures: true, minutes: 15 }, SYSTEM_ACTOR)).toEqual({
    failures: true,
    allUntil: until,
  });
  expect((await node('Create Alarm')).debug.allUntil).toBe(until);
  await details.switchDebug(place, { failures: false, minutes: 0 }, SYSTEM_ACTOR);
  expect((await node('Create Alarm')).debug).toEqual({ failures: false, allUntil: null });
  expect((await node('Clear Alarm')).debug).toEqual(other.debug);
  const [written] = await db.query(
    'SELECT action, changes FROM audit_event WHERE tenant_id = $1 ORDER BY at DESC LIMIT 1',
    [tenantId],
  );
  expect(written).toMatchObject({ action: 'rule-chain.debug-changed', changes: [{ field: 'Create Alarm' }] });
});

it('knows no chain of another tenant, and no node that the chain does not have', async () => {
  const stranger = await addTenant(db);
  const nothing = { failures: true, minutes: 0 };
  await expect(details.get(stranger, chainId)).rejects.toMatchObject({ code: 'not-found' });
  for (const place of [
    { tenantId: stranger, chainId, nodeId: chainId },
    { tenantId, chainId, nodeId: chainId },
  ])
    await expect(details.switchDebug(place, nothing, SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'not-found' });
});
