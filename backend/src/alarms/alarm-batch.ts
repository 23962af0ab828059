import type { Alarm, AlarmKey, AlarmPort, AlarmRaised, AlarmWrite, Json } from '@signalpost/rule-nodes/runtime';

import type { Clock, UnitOfWork } from '../db/index.js';
import { ALARM_COLUMNS, type AlarmRow, statusOf, toAlarm } from './alarm-rows.js';

/**
 * Two batches may meet at one originator and type (a message in the slow lane beside a newer one). The lock makes the
 * second wait until the first has committed, so that what it then reads is true and one alarm is made, not two.
 */
const LOCK_KEYS = {
  name: 'alarm-lock-keys',
  text: `
    SELECT pg_advisory_xact_lock(key) FROM (
      SELECT DISTINCT hashtextextended(concat_ws(' ', 'alarm', $1::uuid, originator_id, type), 0) AS key
      FROM unnest($2::uuid[], $3::text[]) AS wanted (originator_id, type) ORDER BY key) keys`,
};

/**
 * One probe of `alarm_active` for each key. Planned while the table was small, an index that knows only the tenant would look
 * as good, and every batch would read all of the tenant's active alarms: IS NOT DISTINCT FROM keeps such an index out.
 */
const READ_ACTIVE = {
  name: 'alarm-read-active',
  text: `
    SELECT ${ALARM_COLUMNS}
    FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[]) AS u (originator_id, type) ORDER BY 1, 2) wanted
    CROSS JOIN LATERAL (
      SELECT * FROM alarm
      WHERE tenant_id IS NOT DISTINCT FROM $1 AND originator_id = wanted.originator_id AND type = wanted.type AND NOT cleared
      OFFSET 0 FOR UPDATE) a`,
};

const READ_BY_ID = {
  name: 'alarm-read-by-id',
  text: `SELECT ${ALARM_COLUMNS} FROM alarm a WHERE a.tenant_id = $1 AND a.id = ANY($2::uuid[]) ORDER BY a.id FOR UPDATE OF a`,
};

const ORIGINATOR_NAMES = {
  name: 'alarm-originator-names',
  text: 'SELECT id, name FROM device WHERE tenant_id = $1 AND id = ANY($2::uuid[])',
};

/** An alarm that swings between two severities must not grow for ever. */
const MOST_SEVERITY_CHANGES = 20;

const WRITE = {
  name: 'alarm-write',
  text: `
    INSERT INTO alarm (tenant_id, id, created_at, type, originator_type, originator_id, customer_id, severity, acknowledged,
                       cleared, start_ts, end_ts, ack_ts, clear_ts, details, propagation)
    SELECT tenant_id, id, created_at, type, originator_type, originator_id, customer_id, severity, acknowledged, cleared,
           start_ts, end_ts, ack_ts, clear_ts, coalesce(details, 'null'), propagation
    FROM jsonb_to_recordset($1::jsonb) AS new (tenant_id uuid, id uuid, created_at timestamptz, type text,
      originator_type text, originator_id uuid, customer_id uuid, severity text, acknowledged boolean, cleared boolean,
      start_ts bigint, end_ts bigint, ack_ts bigint, clear_ts bigint, details jsonb, propagation jsonb)
    ORDER BY cleared DESC, tenant_id, id
    ON CONFLICT (tenant_id, id) DO UPDATE SET
      severity_changes = CASE WHEN alarm.severity = excluded.severity THEN alarm.severity_changes
        ELSE alarm.severity_changes[greatest(1, cardinality(alarm.severity_changes) - ${MOST_SEVERITY_CHANGES - 2}) :]
          || jsonb_build_object('at', excluded.end_ts, 'from', alarm.severity, 'to', excluded.severity) END,
      severity = excluded.severity, cleared = excluded.cleared, end_ts = excluded.end_ts, clear_ts = excluded.clear_ts,
      details = excluded.details, propagation = excluded.propagation`,
};

interface Tracked {
  readonly tenantId: string;
  alarm: Alarm;
  dirty: boolean;
}

/** What a batch did to an alarm, for those who are told after the commit. */
export interface AlarmChange {
  readonly tenantId: string;
  readonly alarm: Alarm;
  readonly change: 'created' | 'updated' | 'cleared';
}

/** Alarms within one batch: a wave's rows are read and held in one query, changed in memory, written in one at the end. */
export class AlarmBatch {
  readonly #active = new Map<string, Tracked | null>();
  readonly #byId = new Map<string, Tracked>();
  readonly changes: AlarmChange[] = [];

  constructor(
    private readonly uow: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  forTenant(tenantId: string): AlarmPort {
    return {
      findActive: async (keys) => {
        await this.#loadActive(tenantId, keys);
        return keys.map((key) => this.#active.get(addressOf(tenantId, key))?.alarm ?? null);
      },
      findById: async (ids) => {
        await this.#loadByIds(tenantId, ids);
        return ids.map((id) => this.#byId.get(`${tenantId} ${id}`)?.alarm ?? null);
      },
      raise: (writes) => this.#raise(tenantId, writes),
      clear: (calls) => this.#clear(tenantId, calls),
    };
  }

  async flush(): Promise<void> {
    const dirty = [...this.#byId.values()].filter((tracked) => tracked.dirty);
    if (dirty.length === 0) return;
    for (const tracked of dirty) tracked.dirty = false;
    await this.uow.query(WRITE, [JSON.stringify(dirty.map(toWrite))]);
  }

  async #loadActive(tenantId: string, keys: readonly AlarmKey[]): Promise<void> {
    const unknown = keys.filter((key) => !this.#active.has(addressOf(tenantId, key)));
    if (unknown.length === 0) return;
    const values = [tenantId, unknown.map((key) => key.originator.id), unknown.map((key) => key.type)];
    await this.uow.query(LOCK_KEYS, values);
    for (const key of unknown) this.#active.set(addressOf(tenantId, key), null);
    for (const row of await this.uow.query<AlarmRow>(READ_ACTIVE, values)) this.#track(tenantId, toAlarm(row));
  }

  async #loadByIds(tenantId: string, ids: readonly string[]): Promise<void> {
    const unknown = ids.filter((id) => !this.#byId.has(`${tenantId} ${id}`));
    if (unknown.length === 0) return;
    for (const row of await this.uow.query<AlarmRow>(READ_BY_ID, [tenantId, unknown]))
      this.#track(tenantId, toAlarm(row));
  }

  async #raise(tenantId: string, writes: readonly AlarmWrite[]): Promise<AlarmRaised[]> {
    await this.#loadActive(tenantId, writes);
    const names = await this.#namesOfNew(tenantId, writes);
    return writes.map((write) => {
      const existing = this.#active.get(addressOf(tenantId, write));
      return existing ? this.#update(existing, write) : this.#create(tenantId, write, names);
    });
  }

  async #namesOfNew(tenantId: string, writes: readonly AlarmWrite[]): Promise<Map<string, string>> {
    const ids = writes
      .filter((write) => !this.#active.get(addressOf(tenantId, write)))
      .map((write) => write.originator.id);
    if (ids.length === 0) return new Map();
    const rows = await this.uow.query<{ id: string; name: string }>(ORIGINATOR_NAMES, [tenantId, ids]);
    return new Map(rows.map((row) => [row.id, row.name]));
  }

  #create(tenantId: string, write: AlarmWrite, names: Map<string, string>): AlarmRaised {
    const { startTs, ...given } = write;
    const alarm: Alarm = {
      ...given,
      createdTime: this.clock.now(),
      originatorName: names.get(write.originator.id) ?? null,
      status: 'ACTIVE_UNACK',
      acknowledged: false,
      cleared: false,
      startTs,
      endTs: startTs,
      ackTs: 0,
      clearTs: 0,
    };
    this.#track(tenantId, alarm).dirty = true;
    this.changes.push({ tenantId, alarm, change: 'created' });
    return { alarm, change: 'created' };
  }

  #update(tracked: Tracked, write: AlarmWrite): AlarmRaised {
    const { severity, details, propagate, propagateToOwner, propagateToTenant, propagateRelationTypes } = write;
    const next: Alarm = {
      ...tracked.alarm,
      severity,
      details,
      propagate,
      propagateToOwner,
      propagateToTenant,
      propagateRelationTypes,
      endTs: this.clock.now(),
    };
    this.#replace(tracked, next, 'updated');
    return { alarm: next, change: 'updated' };
  }

  async #clear(
    tenantId: string,
    calls: readonly { readonly id: string; readonly details: Json }[],
  ): Promise<(Alarm | null)[]> {
    await this.#loadByIds(
      tenantId,
      calls.map((call) => call.id),
    );
    return calls.map(({ id, details }) => {
      const tracked = this.#byId.get(`${tenantId} ${id}`);
      if (tracked === undefined || tracked.alarm.cleared) return null;
      const now = this.clock.now();
      const open = { ...tracked.alarm, details, cleared: true, clearTs: now, endTs: now };
      this.#replace(tracked, { ...open, status: statusOf(open) }, 'cleared');
      this.#active.set(addressOf(tenantId, tracked.alarm), null);
      return tracked.alarm;
    });
  }

  #replace(tracked: Tracked, alarm: Alarm, change: AlarmChange['change']): void {
    tracked.alarm = alarm;
    tracked.dirty = true;
    this.changes.push({ tenantId: tracked.tenantId, alarm, change });
  }

  #track(tenantId: string, alarm: Alarm): Tracked {
    const known = this.#byId.get(`${tenantId} ${alarm.id}`);
    const tracked = known ?? { tenantId, alarm, dirty: false };
    this.#byId.set(`${tenantId} ${alarm.id}`, tracked);
    if (!tracked.alarm.cleared) this.#active.set(addressOf(tenantId, alarm), tracked);
    return tracked;
  }
}

function addressOf(tenantId: string, key: AlarmKey): string {
  return `${tenantId} ${key.originator.id} ${key.type}`;
}

function toWrite({ tenantId, alarm }: Tracked): object {
  const { propagate, propagateToOwner, propagateToTenant, propagateRelationTypes } = alarm;
  return {
    tenant_id: tenantId,
    id: alarm.id,
    created_at: new Date(alarm.createdTime),
    type: alarm.type,
    originator_type: alarm.originator.entityType,
    originator_id: alarm.originator.id,
    customer_id: alarm.customerId,
    severity: alarm.severity,
    acknowledged: alarm.acknowledged,
    cleared: alarm.cleared,
    start_ts: alarm.startTs,
    end_ts: alarm.endTs,
    ack_ts: alarm.ackTs,
    clear_ts: alarm.clearTs,
    details: alarm.details,
    propagation: { propagate, propagateToOwner, propagateToTenant, propagateRelationTypes },
  };
}
