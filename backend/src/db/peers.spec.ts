import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { ALL_PARTITIONS, WakeUp } from '../queue/index.js';
import type { Database } from './database.js';
import { Instance } from './instance.js';
import { openDatabase } from './open-database.js';
import { Peers } from './peers.js';
import { createTestDatabase } from './test-database.testing.js';

let here: Database & { readonly url: string };
let there: Database;
const instances: Instance[] = [];
const peers: Peers[] = [];
beforeAll(async () => {
  here = await createTestDatabase();
  there = await openDatabase({ url: here.url, poolSize: 8, entities: [] });
  for (const database of [here, there]) {
    const instance = await Instance.open(database);
    instances.push(instance);
    const one = new Peers(database, instance);
    await one.start();
    peers.push(one);
  }
});
afterAll(async () => {
  for (const one of peers) one.stop();
  for (const instance of instances) instance.close();
  await there.close();
  await here.close();
});

const [ours, theirs] = [() => peers[0]!, () => peers[1]!];

it('tells other instances of work, in what it is told of, and not itself', async () => {
  const heard: string[] = [];
  ours().listen('outbox', () => heard.push('our outbox'));
  theirs().listen('outbox', () => heard.push('their outbox'));
  theirs().listen('queue', () => heard.push('their queue'));
  for (let mail = 0; mail < 100; mail += 1) ours().tell('outbox');
  await vi.waitUntil(() => heard.length > 0);
  ours().tell('queue');
  await vi.waitUntil(() => heard.includes('their queue'));
  expect(heard).toEqual(['their outbox', 'their queue']);
});

it('lets the rule engine of another instance look into every partition', async () => {
  const woken: (readonly number[])[] = [];
  new WakeUp(theirs()).listen((partitions) => woken.push(partitions));
  new WakeUp(ours()).wake([1]);
  await vi.waitUntil(() => woken.length > 0);
  expect(woken).toEqual([ALL_PARTITIONS]);
});

it('takes one connection for all who listen, and gives it back when the last one goes', async () => {
  const listening = () =>
    here.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
    );
  const more = [new Peers(here, instances[0]!), new Peers(here, instances[0]!)];
  for (const one of more) await one.start();
  expect(await listening()).toEqual([{ count: 2 }]);
  for (const one of more) one.stop();
  expect(await listening()).toEqual([{ count: 2 }]);
});
