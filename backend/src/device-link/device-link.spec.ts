import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { DeviceLink, tellDevices } from './index.js';

let db: Database;
let link: DeviceLink;
const warned: unknown[] = [];
beforeAll(async () => {
  db = await createTestDatabase();
  link = new DeviceLink(db, { warn: (fields: unknown) => void warned.push(fields) });
  await link.start();
});
afterAll(async () => {
  link.stop();
  await db.close();
});

it('hears what it knows, whatever else a newer instance says, and warns once', async () => {
  const heard: (readonly string[] | null)[] = [];
  link.connect('device', { changed: (keys) => heard.push(keys) });
  for (const payload of ['not JSON', '{"of": "a newer version"}', '["device", {"keys": ["a"]}]'])
    await db.query('SELECT pg_notify($1, $2)', ['signalpost_device', payload]);
  await db.transaction((uow) => tellDevices(uow, [{ deviceId: 'device', keys: ['limit'] }]));
  await vi.waitUntil(() => heard.length > 0);
  expect(heard).toEqual([['limit']]);
  expect(warned).toHaveLength(1);
});
