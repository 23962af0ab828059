import { isDeepStrictEqual } from 'node:util';

import type {
  AttributePort,
  AttributeRead,
  AttributeScope,
  AttributeWrite,
  EntityRef,
  Json,
  KeyValue,
} from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';

interface AttributeRow {
  entity_id: string;
  scope: string;
  key: string;
  ts: string;
  value: Json;
}

interface Pending extends KeyValue {
  readonly tenantId: string;
  readonly entityId: string;
  readonly entityType: string;
  readonly scope: string;
}

const READ = {
  name: 'attribute-read',
  text: `
    SELECT a.entity_id, a.scope, a.key, a.ts, a.value
    FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[], $4::text[]) AS u (entity_id, scope, key)) wanted
    CROSS JOIN LATERAL (
      SELECT * FROM attribute
      WHERE tenant_id = $1 AND entity_id = wanted.entity_id AND scope = wanted.scope AND key = wanted.key OFFSET 0) a`,
};

const WRITE = {
  name: 'attribute-write',
  text: `
    INSERT INTO attribute (tenant_id, entity_id, entity_type, scope, key, ts, value)
    SELECT tenant_id, entity_id, entity_type, scope, key, ts, value::jsonb
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
      AS new (tenant_id, entity_id, entity_type, scope, key, ts, value)
    ORDER BY tenant_id, entity_id, scope, key
    ON CONFLICT (tenant_id, entity_id, scope, key) DO UPDATE SET ts = excluded.ts, value = excluded.value`,
};

/** Attributes within one batch: reads of a wave in one query that sees what the batch wrote, writes in one at the end. */
export class AttributeBatch {
  readonly #pending = new Map<string, Pending>();
  readonly announcements: AttributeAnnouncement[] = [];
  /** Shared attributes that their devices are to be told of. */
  readonly forDevices: { readonly deviceId: string; readonly keys: readonly string[] }[] = [];

  constructor(private readonly uow: UnitOfWork) {}

  forTenant(tenantId: string): AttributePort {
    return {
      read: (calls) => this.#read(tenantId, calls),
      write: (calls) => this.#write(tenantId, calls),
    };
  }

  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const rows = [...this.#pending.values()];
    this.#pending.clear();
    await this.uow.query(WRITE, [
      rows.map((row) => row.tenantId),
      rows.map((row) => row.entityId),
      rows.map((row) => row.entityType),
      rows.map((row) => row.scope),
      rows.map((row) => row.key),
      rows.map((row) => row.ts),
      rows.map((row) => JSON.stringify(row.value)),
    ]);
  }

  async #read(tenantId: string, calls: readonly AttributeRead[]): Promise<KeyValue[][]> {
    const stored = await this.#stored(tenantId, calls);
    return calls.map(({ entity, scope, keys }) =>
      keys.flatMap((key) => {
        const address = addressOf(tenantId, entity.id, scope, key);
        return this.#pending.get(address) ?? stored.get(address) ?? [];
      }),
    );
  }

  async #stored(tenantId: string, calls: readonly AttributeRead[]): Promise<Map<string, KeyValue>> {
    const wanted = calls.flatMap(({ entity, scope, keys }) => keys.map((key) => ({ id: entity.id, scope, key })));
    if (wanted.length === 0) return new Map();
    const rows = await this.uow.query<AttributeRow>(READ, [
      tenantId,
      wanted.map((one) => one.id),
      wanted.map((one) => one.scope),
      wanted.map((one) => one.key),
    ]);
    return new Map(
      rows.map((row) => [
        addressOf(tenantId, row.entity_id, row.scope, row.key),
        { key: row.key, ts: Number(row.ts), value: row.value },
      ]),
    );
  }

  async #write(tenantId: string, calls: readonly AttributeWrite[]): Promise<string[][]> {
    const before = await this.#read(
      tenantId,
      calls.map((call) => ({ ...call, keys: call.values.map((value) => value.key) })),
    );
    return calls.map((call, index) => this.#writeOne(tenantId, call, before[index] ?? []));
  }

  #writeOne(tenantId: string, call: AttributeWrite, before: readonly KeyValue[]): string[] {
    const old = new Map(before.map((value) => [value.key, value.value]));
    const changed = call.values.filter(({ key, value }) => !old.has(key) || !isDeepStrictEqual(old.get(key), value));
    this.#announce(tenantId, call, changed);
    const written = call.onlyIfChanged ? changed : call.values;
    if (call.notifyDevice) this.#remember(call, written);
    for (const value of written) {
      this.#pending.set(addressOf(tenantId, call.entity.id, call.scope, value.key), {
        ...value,
        tenantId,
        entityId: call.entity.id,
        entityType: call.entity.entityType,
        scope: call.scope,
      });
    }
    return changed.map((value) => value.key);
  }

  #remember({ entity, scope }: AttributeWrite, written: readonly KeyValue[]): void {
    if (scope !== 'SHARED_SCOPE' || entity.entityType !== 'DEVICE' || written.length === 0) return;
    this.forDevices.push({ deviceId: entity.id, keys: written.map(({ key }) => key) });
  }

  /** As in ThingsBoard what a device tells of itself is no news to the chain. */
  #announce(tenantId: string, { announceAs, entity, scope }: AttributeWrite, values: readonly KeyValue[]): void {
    if (announceAs === undefined || scope === 'CLIENT_SCOPE' || values.length === 0) return;
    this.announcements.push({ tenantId, messageId: announceAs, entity, scope, values });
  }
}

/** What a batch changed and the root chain is to be told. */
export interface AttributeAnnouncement {
  readonly tenantId: string;
  readonly messageId: string;
  readonly entity: EntityRef;
  readonly scope: AttributeScope;
  readonly values: readonly KeyValue[];
}

function addressOf(tenantId: string, entityId: string, scope: string, key: string): string {
  return `${tenantId} ${entityId} ${scope} ${key}`;
}
