import { isDeepStrictEqual } from 'node:util';

import type { AttributeRead } from '@signalpost/rule-nodes/runtime';

import type { Change, UnitOfWork } from '../db/index.js';
import { tellDevices } from '../device-link/index.js';
import { AttributeBatch } from '../timeseries/index.js';
import type { AttributeMap } from './provisioning-file.js';

export interface AttributeOwner {
  readonly entityType: 'CUSTOMER' | 'DEVICE';
  readonly id: string;
}

/** Writes the attributes that differ from what is stored; the file names some, others stay as they are. */
export async function provisionAttributes(
  uow: UnitOfWork,
  tenantId: string,
  entity: AttributeOwner,
  scope: AttributeRead['scope'],
  wanted: AttributeMap,
  now: number,
): Promise<Change> {
  const batch = new AttributeBatch(uow);
  const port = batch.forTenant(tenantId);
  const [stored = []] = await port.read([{ entity, scope, keys: Object.keys(wanted) }]);
  const old = new Map(stored.map(({ key, value }) => [key, value]));
  const values = Object.entries(wanted)
    .filter(([key, value]) => !old.has(key) || !isDeepStrictEqual(old.get(key), value))
    .map(([key, value]) => ({ key, value, ts: now }));
  if (values.length === 0) return 'unchanged';
  await port.write([{ entity, scope, values, onlyIfChanged: false, notifyDevice: true }]);
  await batch.flush();
  await tellDevices(uow, batch.forDevices);
  return old.size === 0 ? 'created' : 'updated';
}
