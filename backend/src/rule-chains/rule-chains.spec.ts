import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { SYSTEM_ACTOR } from '../access/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { EventBus } from '../http/events/index.js';
import { mailServersForTests } from '../mail/mail-servers.testing.js';
import { addTenant } from '../queue/queue.testing.js';
import { RuleChains } from './rule-chains.js';

/** Real files of ThingsBoard's users, kept where their import is tested. */
const FIXTURES = new URL('../../../rule-nodes/src/thingsboard/fixtures/', import.meta.url);

let db: Database;
let chains: RuleChains;
let tenant: string;
beforeAll(async () => {
  db = await createTestDatabase();
  chains = new RuleChains(db, mailServersForTests(db).servers, new EventBus());
});
afterAll(() => db.close());
beforeEach(async () => {
  tenant = await addTenant(db);
});

const fixture = async (name: string) =>
  JSON.parse(await readFile(new URL(`${name}.json`, FIXTURES), 'utf8')) as Record<string, unknown>;
const list = async () => (await chains.list(tenant, { limit: 50 })).items;

it('imports a file, publishes it, and makes the first chain of a tenant its root', async () => {
  const { chain, report } = await chains.import(tenant, await fixture('create_clear_alarm___send_email'), SYSTEM_ACTOR);
  expect(chain).toMatchObject({ name: 'Create/Clear Alarm & Send Email', root: true, version: 1, nodeCount: 6 });
  expect(report.nodes.map((node) => node.level)).not.toContain('error');
  await chains.import(tenant, await fixture('root_rule_chain_v4.4'), SYSTEM_ACTOR);
  expect((await list()).map(({ name, root }) => [name, root])).toEqual([
    ['Create/Clear Alarm & Send Email', true],
    ['Root Rule Chain', false],
  ]);
});

it('numbers the name of a chain whose name is taken', async () => {
  const file = await fixture('root_rule_chain_v4.4');
  await chains.import(tenant, file, SYSTEM_ACTOR);
  expect((await chains.import(tenant, file, SYSTEM_ACTOR)).chain.name).toBe('Root Rule Chain (2)');
  expect((await chains.import(tenant, file, SYSTEM_ACTOR, 'Night shift')).chain.name).toBe('Night shift');
});

it("turns a node's own SMTP settings into a mail server of the tenant, with the password sealed and out of the chain", async () => {
  const { report } = await chains.import(tenant, await fixture('send_email_rule_chain'), SYSTEM_ACTOR);
  const [server] = await db.query<{ name: string; settings: object }>(
    'SELECT name, settings FROM mail_server WHERE tenant_id = $1',
    [tenant],
  );
  expect(server).toMatchObject({
    name: 'smtp.sendgrid.net',
    settings: { port: 25, tls: 'starttls', auth: { username: 'apikey' } },
  });
  const notes = report.nodes.find((node) => node.type.endsWith('TbSendEmailNode'))?.notes.join(' ');
  expect(notes).toContain('mail server "smtp.sendgrid.net"');
  expect(notes).toContain('STARTTLS is required');
  const stored = await db.query('SELECT definition::text AS text FROM rule_chain_version WHERE tenant_id = $1', [
    tenant,
  ]);
  expect(JSON.stringify([stored, server])).not.toContain('REDACTED');
});

it('gives back by export what ThingsBoard takes, and takes that again', async () => {
  const { chain } = await chains.import(tenant, await fixture('create_clear_alarm___send_email'), SYSTEM_ACTOR);
  const file = await chains.export(tenant, chain.id);
  expect(file).toMatchObject({ ruleChain: { name: chain.name }, metadata: { firstNodeIndex: 0 } });
  const again = await chains.import(tenant, file, SYSTEM_ACTOR);
  const strip = (exported: Record<string, unknown>) => exported['metadata'];
  expect(strip(await chains.export(tenant, again.chain.id))).toEqual(strip(file));
});

it.each([[{}], [{ ruleChain: { name: 'x' } }], [{ ruleChain: { name: 'x' }, metadata: { nodes: 'none' } }]])(
  'refuses %j with the reason, and keeps nothing',
  async (file) => {
    await expect(chains.import(tenant, file, SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'rule-chain-file-refused' });
    expect(await list()).toEqual([]);
  },
);

it('moves the root, and refuses to delete the root or a chain that another one uses', async () => {
  const first = (await chains.import(tenant, await fixture('root_rule_chain_v4.4'), SYSTEM_ACTOR)).chain;
  const second = (await chains.import(tenant, await fixture('create_clear_alarm___send_email'), SYSTEM_ACTOR)).chain;
  await expect(chains.remove(tenant, first.id, SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'root-chain-kept' });
  expect(await chains.makeRoot(tenant, second.id, SYSTEM_ACTOR)).toMatchObject({ root: true });
  await chains.remove(tenant, first.id, SYSTEM_ACTOR);
  expect((await list()).map(({ id }) => id)).toEqual([second.id]);
});

it('shows and changes nothing of another tenant', async () => {
  const { chain } = await chains.import(tenant, await fixture('root_rule_chain_v4.4'), SYSTEM_ACTOR);
  const stranger = await addTenant(db);
  expect((await chains.list(stranger, { limit: 50 })).items).toEqual([]);
  for (const attempt of ['export', 'makeRoot', 'remove'] as const) {
    await expect(chains[attempt](stranger, chain.id, SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'not-found' });
  }
});

it('provisions a file once: the same again writes nothing, another content is a new version', async () => {
  const provision = (file: Record<string, unknown>, root = true) =>
    db.transaction((uow) => chains.provision(uow, tenant, { file, root, managed: true }));
  const file = await fixture('send_email_rule_chain');
  expect(await provision(file)).toMatchObject({ change: 'created' });
  expect(await provision(file)).toMatchObject({ change: 'unchanged' });
  const changed = structuredClone(file) as { metadata: { nodes: { name: string }[] } };
  const [node] = changed.metadata.nodes;
  if (node) node.name = 'Renamed';
  expect(await provision(changed)).toMatchObject({ change: 'updated' });
  const [chain] = await list();
  expect(chain).toMatchObject({ managed: true, root: true, version: 2 });
  await expect(chains.remove(tenant, chain?.id ?? '', SYSTEM_ACTOR)).rejects.toMatchObject({ code: 'managed-by-file' });
  expect(await db.transaction((uow) => chains.unlockExcept(uow, tenant, []))).toEqual(['Root Rule Chain']);
});
