import type { Database } from '../../db/index.js';
import type { HeldPlace, MailGroup } from '../outbox-signal.js';

/** DESIGN, promise 4: so long waits a mail for an earlier one of the same alarm to the same recipient. */
export const HOLD_SECONDS = 15 * 60;

/** Of a mail `d`, in SQL: an earlier one of its alarm to one of its recipients is not settled. @param seconds for how long that counts */
export const BLOCKED = (seconds: string): string => `(
  d.alarm_id IS NOT NULL AND d.created_at > now() - make_interval(secs => ${seconds}) AND EXISTS (
    SELECT FROM delivery e
    -- IS NOT DISTINCT FROM: so that only delivery_alarm serves it, whatever was planned while the table was small
    WHERE e.tenant_id IS NOT DISTINCT FROM d.tenant_id AND e.alarm_id = d.alarm_id AND e.state IN ('waiting', 'sending')
      AND e.seq < d.seq AND e.recipients && d.recipients OFFSET 0
  ))`;

/** Where a mail waits, as a row says it. */
export interface PlaceRow {
  readonly server_tenant_id: string;
  readonly server_id: string;
  readonly priority: number;
  readonly tenant_id: string;
}

export const toGroup = (row: PlaceRow): MailGroup => ({
  server: { tenantId: row.server_tenant_id, id: row.server_id },
  priority: row.priority,
  tenantId: row.tenant_id,
});

/** Whose turn came while an earlier mail of its alarm was not settled. */
export interface BlockedRow {
  readonly tenant_id: string;
  readonly alarm_id: string | null;
  readonly seq: string;
}

/**
 * Keeps the mails of one alarm to one recipient in order. A mail is held when its turn comes and an earlier one is not settled, not
 * when it is written: where many wait, the earlier one has usually gone by then. What is held is no candidate until it is let go.
 */
export class Holds {
  constructor(private readonly db: Database) {}

  /**
   * Holds all that is blocked of these mails' alarms: each alarm is met once, however many of its mails wait.
   * @returns whether any could be held (others may work on them), and where those wait that could be let go again
   */
  async hold(
    blocked: readonly BlockedRow[],
  ): Promise<{ readonly some: boolean; readonly freed: readonly MailGroup[] }> {
    const alarms = firstOfEachAlarm(blocked);
    const held = await this.db.query<HeldPlace>(HOLD, [
      alarms.map((row) => row.tenant_id),
      alarms.map((row) => row.alarm_id),
      alarms.map((row) => row.seq),
      HOLD_SECONDS,
    ]);
    const freed = await this.letGo(held); // what blocked them may have been settled meanwhile, and whoever settled it has seen no hold
    return { some: held.length > 0, freed };
  }

  /** Lets go the held mails that no earlier one stands before any more. @returns where each of them waits now */
  async letGo(places: readonly HeldPlace[]): Promise<MailGroup[]> {
    if (places.length === 0) return [];
    const columns = [
      places.map(({ tenantId }) => tenantId),
      places.map(({ alarmId }) => alarmId),
      places.map(({ address }) => address),
    ];
    return (await this.db.query<PlaceRow>(LET_GO, columns)).map(toGroup);
  }

  /** Lets go what was held long enough, and what nothing stands before though nobody noticed (a crash in between). */
  async letGoOverdue(): Promise<void> {
    await this.db.query(
      `UPDATE delivery SET held_until = NULL WHERE state = 'waiting' AND held_until IS NOT NULL AND held_until <= now()`,
    );
    const places = await this.db.query<HeldPlace>(
      `SELECT DISTINCT d.tenant_id AS "tenantId", d.alarm_id AS "alarmId", r.address
       FROM delivery d CROSS JOIN LATERAL unnest(d.recipients) AS r (address) WHERE d.state = 'waiting' AND d.held_until IS NOT NULL`,
    );
    await this.letGo(places);
  }
}

/** Nothing of an alarm that stands before the first blocked one is looked at: it is held already, or its turn has come. */
function firstOfEachAlarm(blocked: readonly BlockedRow[]): BlockedRow[] {
  const first = new Map<string, BlockedRow>();
  for (const row of blocked) {
    const key = `${row.tenant_id} ${row.alarm_id}`;
    const known = first.get(key);
    if (known === undefined || BigInt(row.seq) < BigInt(known.seq)) first.set(key, row);
  }
  return [...first.values()];
}

/**
 * Alarm by alarm (OFFSET 0), and the state said as `delivery_alarm` says it: PostgreSQL might otherwise walk over all that waits.
 * It waits for nobody's lock: what is locked is held by the next pick, if it is still blocked.
 */
const HOLD = {
  name: 'outbox-hold',
  text: `
    WITH found AS MATERIALIZED (
      SELECT b.* FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS a (tenant_id, alarm_id, seq)
      CROSS JOIN LATERAL (
        SELECT d.tenant_id, d.id, d.created_at, d.alarm_id, d.recipients FROM delivery d
        WHERE d.tenant_id IS NOT DISTINCT FROM a.tenant_id AND d.alarm_id = a.alarm_id AND d.seq >= a.seq
          AND d.state IN ('waiting', 'sending') AND d.state IS NOT DISTINCT FROM 'waiting' AND (d.held_until IS NULL) IS TRUE
          AND ${BLOCKED('$4')}
        OFFSET 0 FOR UPDATE OF d SKIP LOCKED
      ) b
    ), held AS (
      UPDATE delivery d SET held_until = d.created_at + make_interval(secs => $4) FROM found
      WHERE d.tenant_id = found.tenant_id AND d.id = found.id AND d.created_at = found.created_at
      RETURNING d.tenant_id, d.alarm_id, d.recipients
    )
    SELECT DISTINCT held.tenant_id AS "tenantId", held.alarm_id AS "alarmId", r.address
    FROM held CROSS JOIN LATERAL unnest(held.recipients) AS r (address)`,
};

/**
 * Of each alarm and recipient the first mail that is not settled, if it is held and none stands before it to another of
 * its recipients. Later ones wait for that one, so they need no look. The UPDATE says nothing of state and hold, or
 * PostgreSQL might walk over all held mails by their index, for each head.
 */
const LET_GO = {
  name: 'outbox-let-go',
  text: `
    WITH heads AS (
      SELECT DISTINCT h.tenant_id, h.id, h.created_at, h.alarm_id, h.seq, h.recipients
      FROM (
        SELECT DISTINCT * FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS u (tenant_id, alarm_id, address)
        WHERE EXISTS (SELECT FROM delivery WHERE state = 'waiting' AND held_until IS NOT NULL) -- asked once; mostly nothing is held
      ) p
      CROSS JOIN LATERAL (
        SELECT d.* FROM delivery d
        -- IS NOT DISTINCT FROM: so that only delivery_alarm serves it, whatever was planned while the table was small
        WHERE d.tenant_id IS NOT DISTINCT FROM p.tenant_id AND d.alarm_id = p.alarm_id AND d.state IN ('waiting', 'sending')
          AND d.recipients @> ARRAY[p.address]
        ORDER BY d.seq LIMIT 1
      ) h
      WHERE h.state = 'waiting' AND h.held_until IS NOT NULL
    )
    UPDATE delivery d SET held_until = NULL FROM heads h
    WHERE d.tenant_id = h.tenant_id AND d.id = h.id AND d.created_at = h.created_at
      AND NOT EXISTS (
        SELECT FROM delivery e WHERE e.tenant_id IS NOT DISTINCT FROM h.tenant_id AND e.alarm_id = h.alarm_id AND e.state IN ('waiting', 'sending')
          AND e.seq < h.seq AND e.recipients && h.recipients OFFSET 0
      )
    RETURNING d.server_tenant_id, d.server_id, d.priority, d.tenant_id`,
};
