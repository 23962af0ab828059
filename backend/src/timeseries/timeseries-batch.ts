import type { EntityRef, Json, KeyValue, TimeseriesPort, TimeseriesWrite } from '@signalpost/rule-nodes/runtime';

import type { Clock, UnitOfWork } from '../db/index.js';

interface Value extends KeyValue {
  readonly tenantId: string;
  readonly entityId: string;
  /** Epoch milliseconds; null: kept as long as its partition. */
  readonly expiresAt: number | null;
}

const READ_LATEST = {
  name: 'telemetry-latest-read',
  text: `
    SELECT l.entity_id, l.key, l.ts, l.value
    FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[]) AS u (entity_id, key)) wanted
    CROSS JOIN LATERAL (
      SELECT * FROM telemetry_latest WHERE tenant_id = $1 AND entity_id = wanted.entity_id AND key = wanted.key OFFSET 0) l`,
};

const columns = `
  SELECT tenant_id, entity_id, key, ts, value::jsonb
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[]) AS new (tenant_id, entity_id, key, ts, value)
  ORDER BY tenant_id, entity_id, key, ts`;

const WRITE_HISTORY = {
  name: 'telemetry-write',
  text: `
    INSERT INTO telemetry (tenant_id, entity_id, key, ts, value) ${columns}
    ON CONFLICT (tenant_id, entity_id, key, ts) DO UPDATE SET value = excluded.value, expires_at = NULL`,
};

/** A statement of its own, so that values without an end cost nothing for those that have one. */
const WRITE_EXPIRING = {
  name: 'telemetry-write-expiring',
  text: `
    INSERT INTO telemetry (tenant_id, entity_id, key, ts, value, expires_at)
    SELECT tenant_id, entity_id, key, ts, value::jsonb, expires_at
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::bigint[])
      AS new (tenant_id, entity_id, key, ts, value, expires_at)
    ORDER BY tenant_id, entity_id, key, ts
    ON CONFLICT (tenant_id, entity_id, key, ts) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
};

/** An older value that arrives late does not replace a newer one. */
const WRITE_LATEST = {
  name: 'telemetry-latest-write',
  text: `
    INSERT INTO telemetry_latest AS l (tenant_id, entity_id, key, ts, value) ${columns}
    ON CONFLICT (tenant_id, entity_id, key) DO UPDATE SET ts = excluded.ts, value = excluded.value
    WHERE l.ts <= excluded.ts`,
};

/** PostgreSQL's bigint and JavaScript both hold it; a time to live may be any number of seconds. */
const LAST_TIME = Number.MAX_SAFE_INTEGER;

/** Time series within one batch: reads see what the batch saved, writes go out in two statements at the end. */
export class TimeseriesBatch {
  readonly #history = new Map<string, Value>();
  readonly #latest = new Map<string, Value>();

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

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
    const history = taken(this.#history);
    const expiring = history.filter((row) => row.expiresAt !== null);
    await this.#write(WRITE_HISTORY, expiring.length === 0 ? history : history.filter((row) => row.expiresAt === null));
    await this.#write(WRITE_EXPIRING, expiring, [expiring.map((row) => row.expiresAt)]);
    await this.#write(WRITE_LATEST, taken(this.#latest));
  }

  /** The latest value stays when its history has expired, as in ThingsBoard. */
  #save(tenantId: string, { entity, values, ttlSeconds, store }: TimeseriesWrite): void {
    const expiresAt = ttlSeconds === 0 ? null : Math.min(this.clock.now() + ttlSeconds * 1000, LAST_TIME);
    for (const value of values) {
      const row = { ...value, tenantId, entityId: entity.id, expiresAt };
      const address = addressOf(tenantId, entity.id, value.key);
      if (store.history) this.#history.set(`${address} ${value.ts}`, row);
      const latest = this.#latest.get(address);
      if (store.latest && (latest === undefined || latest.ts <= value.ts)) this.#latest.set(address, row);
    }
  }

  async #write(
    statement: typeof WRITE_HISTORY,
    rows: readonly Value[],
    more: readonly (readonly unknown[])[] = [],
  ): Promise<void> {
    if (rows.length === 0) return;
    await this.uow.query(statement, [
      rows.map((row) => row.tenantId),
      rows.map((row) => row.entityId),
      rows.map((row) => row.key),
      rows.map((row) => row.ts),
      rows.map((row) => JSON.stringify(row.value)),
      ...more,
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

function taken(pending: Map<string, Value>): Value[] {
  const rows = [...pending.values()];
  pending.clear();
  return rows;
}

function newest(pending: KeyValue | undefined, stored: KeyValue | undefined): KeyValue | undefined {
  return pending !== undefined && (stored === undefined || pending.ts >= stored.ts) ? pending : stored;
}

function addressOf(tenantId: string, entityId: string, key: string): string {
  return `${tenantId} ${entityId} ${key}`;
}
