import type { AttributeValues } from '@signalpost/contracts';
import type { AttributeScope, EntityRef, Json } from '@signalpost/rule-nodes/runtime';
import { v7 as uuidV7 } from 'uuid';

import type { Actor, Principal } from '../access/index.js';
import { Audit, type AuditRecord } from '../audit/index.js';
import type { Clock, Database, UnitOfWork } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import type { Queue } from '../queue/index.js';
import { AttributeBatch } from './attribute-batch.js';
import { attributesUpdated } from './attribute-events.js';
import type { AttributeNews } from './attribute-news.js';

type Changes = NonNullable<AuditRecord['changes']>;

interface Place {
  readonly id: string;
  readonly scope: AttributeScope;
}

/** Attributes of devices that people write: the root chain is told of what changed, and the device of shared ones. */
export class AttributeEdits {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queue: Queue,
    private readonly news: AttributeNews,
  ) {}

  /** Unchanged values are not written again. @throws ProblemError `not-found` */
  async save({ tenantId }: Principal, { id, scope }: Place, { values }: AttributeValues, actor: Actor): Promise<void> {
    await this.database.transaction(async (uow) => {
      const name = await nameOf(uow, tenantId, id);
      const entity: EntityRef = { entityType: 'DEVICE', id };
      const batch = new AttributeBatch(uow);
      const port = batch.forTenant(tenantId);
      const [before = []] = await port.read([{ entity, scope, keys: Object.keys(values) }]);
      const old = new Map(before.map(({ key, value }) => [key, value]));
      const written = Object.entries(values).map(([key, value]) => ({
        key,
        value: value as Json, // came as JSON
        ts: this.clock.now(),
      }));
      const write = { entity, scope, values: written, onlyIfChanged: true, notifyDevice: true, announceAs: uuidV7() };
      const [changed = []] = await port.write([write]);
      await batch.flush();
      await this.news.tell(uow, batch.forDevices);
      await this.queue.enqueue(uow, batch.announcements.map(attributesUpdated));
      const changes = changed.map((key) => ({ field: key, before: old.get(key) ?? null, after: values[key] ?? null }));
      if (changed.length > 0) await note(uow, tenantId, { id, scope }, name, 'updated', actor, changes);
    });
  }

  /** @throws ProblemError `not-found` */
  async remove({ tenantId }: Principal, { id, scope }: Place, key: string, actor: Actor): Promise<void> {
    await this.database.transaction(async (uow) => {
      const name = await nameOf(uow, tenantId, id);
      const [gone] = await uow.query<{ value: Changes[number]['before'] }>(
        `DELETE FROM attribute WHERE tenant_id = $1 AND entity_id = $2 AND scope = $3 AND key = $4 RETURNING value`,
        [tenantId, id, scope, key],
      );
      if (gone === undefined) throw new ProblemError('not-found');
      if (scope === 'SHARED_SCOPE') await this.news.tell(uow, [{ deviceId: id, keys: [key] }]);
      const changes = [{ field: key, before: gone.value, after: null }];
      await note(uow, tenantId, { id, scope }, name, 'deleted', actor, changes);
    });
  }
}

async function nameOf(uow: UnitOfWork, tenantId: string, id: string): Promise<string> {
  const [device] = await uow.query<{ name: string }>(
    'SELECT name FROM device WHERE tenant_id = $1 AND id = $2 FOR SHARE',
    [tenantId, id],
  );
  if (device === undefined) throw new ProblemError('not-found');
  return device.name;
}

async function note(
  uow: UnitOfWork,
  tenantId: string,
  { id, scope }: Place,
  device: string,
  what: 'updated' | 'deleted',
  actor: Actor,
  changes: Changes,
): Promise<void> {
  const entity = { type: 'attribute', id, name: `${device} (${scope})` } as const;
  await Audit.record(uow, { ...actor, tenantId, action: `attribute.${what}`, entity, changes });
}
