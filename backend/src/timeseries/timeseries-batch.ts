import type { EntityRef, Json, KeyValue, TimeseriesPort, TimeseriesWrite } from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';

interface Value extends KeyValue {
  readonly tenantId: string;
  readonly entityId: string;
}

const READ_LATEST = {
  name: 'telemetry-latest-read',
  text: `
    SELECT l.entity_id, l.key, l.ts, l.value
    FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[]) AS u (entity_id, key)) wanted
    JOIN telemetry_latest l USING (entity_id, key) WHERE l.tenant_id = $1`,
};

const columns = `
  SELECT tenant_id, entity_id, key, ts, value::jsonb
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[]) AS new (tenant_id, entity_id, key, ts, value)
  ORDER BY tenant_id, entity_id, key, ts`;

const WRITE_HISTORY = {
  name: 'telemetry-write',
  text: `
    INSERT INTO telemetry (tenant_id, entity_id, key, ts, value) ${columns}
    ON CONFLICT (tenant_id, entity_id, key, ts) DO UPDATE SET value = excluded.value`,
};

/** An older value that arrives late does not replace a newer one. */
const WRITE_LATEST = {
  name: 'telemetry-latest-write',
  text: `
    INSERT INTO telemetry_latest AS l (tenant_id, entity_id, key, ts, value) ${columns}
    ON CONFLICT (tenant_id, entity_id, key) DO UPDATE SET ts = excluded.ts, value = excluded.value
    WHERE l.ts <= excluded.ts`,
};

/** Time series within one batch: reads see what the batch saved, writes go out in two statements at the end. */
export class TimeseriesBatch {
  readonly #history = new Map<string, Value>();
  readonly #latest = new Map<string, Value>();

  constructor(private readonly uow: UnitOfWork) {}

  forTenant(tenantId: string): TimeseriesPort {
    return {
      latest: (calls) => this.#readLatest(tenantId, calls),
      save: (calls) => {
        for (const call of calls) this.#save(tenantId, call);
        return Promise.resolve();
      },
    };
  }

  async flush(): Promise<void> {
    await this.#write(WRITE_HISTORY, this.#history);
    await this.#write(WRITE_LATEST, this.#latest);
  }

  #save(tenantId: string, { entity, values, store }: TimeseriesWrite): void {
    for (const value of values) {
      const row = { ...value, tenantId, entityId: entity.id };
      const address = addressOf(tenantId, entity.id, value.key);
      if (store.history) this.#history.set(`${address} ${value.ts}`, row);
      const latest = this.#latest.get(address);
      if (store.latest && (latest === undefined || latest.ts <= value.ts)) this.#latest.set(address, row);
    }
  }

  async #write(statement: typeof WRITE_HISTORY, pending: Map<string, Value>): Promise<void> {
    if (pending.size === 0) return;
    const rows = [...pending.values()];
    pending.clear();
    await this.uow.query(statement, [
      rows.map((row) => row.tenantId),
      rows.map((row) => row.entityId),
      rows.map((row) => row.key),
      rows.map((row) => row.ts),
      rows.map((row) => JSON.stringify(row.value)),
    ]);
  }

  async #readLatest(
    tenantId: string,
    calls: readonly { readonly entity: EntityRef; readonly keys: readonly string[] }[],
  ): Promise<KeyValue[][]> {
    const stored = await this.#stored(tenantId, calls);
    return calls.map(({ entity, keys }) =>
      keys.flatMap((key) => {
        const address = addressOf(tenantId, entity.id, key);
        return newest(this.#latest.get(address), stored.get(address)) ?? [];
      }),
    );
  }

  async #stored(
    tenantId: string,
    calls: readonly { readonly entity: EntityRef; readonly keys: readonly string[] }[],
  ): Promise<Map<string, KeyValue>> {
    const wanted = calls.flatMap(({ entity, keys }) => keys.map((key) => ({ id: entity.id, key })));
    if (wanted.length === 0) return new Map();
    const rows = await this.uow.query<{ entity_id: string; key: string; ts: string; value: Json }>(READ_LATEST, [
      tenantId,
      wanted.map((one) => one.id),
      wanted.map((one) => one.key),
    ]);
    return new Map(
      rows.map((row) => [
        addressOf(tenantId, row.entity_id, row.key),
        { key: row.key, ts: Number(row.ts), value: row.value },
      ]),
    );
  }
}

function newest(pending: KeyValue | undefined, stored: KeyValue | undefined): KeyValue | undefined {
  return pending !== undefined && (stored === undefined || pending.ts >= stored.ts) ? pending : stored;
}

function addressOf(tenantId: string, entityId: string, key: string): string {
  return `${tenantId} ${entityId} ${key}`;
}
