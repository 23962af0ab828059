import { type AlarmCounts, alarmCountsSchema, type AlarmQuery, type AlarmView, type Page } from '@signalpost/contracts';
import { ALARM_SEVERITIES, type AlarmSeverity } from '@signalpost/rule-nodes/runtime';

import type { Actor, Principal } from '../access/index.js';
import { Audit } from '../audit/index.js';
import type { Clock, Database, UnitOfWork } from '../db/index.js';
import type { EventBus } from '../http/events/index.js';
import { readPage } from '../http/index.js';
import type { Queue } from '../queue/index.js';
import { alarmEvent, type AlarmEventType } from './alarm-events.js';
import { noteInHistory } from './alarm-history.js';
import { toAlarm } from './alarm-rows.js';
import { ALARM_VIEW, type AlarmViewRow, auditedAlarm, readAlarm, toView } from './alarm-views.js';

/** Which alarms a list shows. The customer's filter is the principal's, never the query's. */
const LIST = `${ALARM_VIEW}
  WHERE a.tenant_id = $1 AND ($2::uuid IS NULL OR a.customer_id = $2)
    AND ($3::boolean IS NULL OR a.cleared = $3) AND ($4::text IS NULL OR a.severity = $4)
    AND ($5::boolean IS NULL OR a.acknowledged = $5) AND ($6::boolean IS NULL OR (m.muted_at IS NOT NULL) = $6)`;

const COUNT = `
  SELECT severity, count(*)::int AS count FROM alarm
  WHERE tenant_id = $1 AND ($2::uuid IS NULL OR customer_id = $2) AND NOT cleared GROUP BY severity`;

const CLEARED: Record<AlarmQuery['status'], boolean | null> = { active: false, cleared: true, all: null };

/** What a person does to an alarm: the columns, and the message to the rule chain. */
interface Change {
  readonly event: AlarmEventType;
  readonly flag: 'acknowledged' | 'cleared';
  readonly time: string;
}
const ACKNOWLEDGE: Change = { event: 'ALARM_ACK', flag: 'acknowledged', time: 'ack_ts' };
const CLEAR: Change = { event: 'ALARM_CLEAR', flag: 'cleared', time: 'clear_ts' };

/** What people see of alarms and do to them. */
export class Alarms {
  constructor(
    private readonly database: Database,
    private readonly queue: Queue,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  list({ tenantId, customerId }: Principal, query: AlarmQuery): Promise<Page<AlarmView>> {
    const { status, severity = null, acknowledged = null, muted = null } = query;
    const values = [tenantId, customerId, CLEARED[status], severity, acknowledged, muted];
    const keyset = { sql: LIST, values, keys: { created_at: 'timestamptz', id: 'uuid' }, order: 'DESC' } as const;
    return readPage(this.database, keyset, query, toView);
  }

  async counts({ tenantId, customerId }: Principal): Promise<AlarmCounts> {
    const rows = await this.database.query<{ severity: AlarmSeverity; count: number }>(COUNT, [tenantId, customerId]);
    const counted = new Map(rows.map(({ severity, count }) => [severity, count]));
    const bySeverity = Object.fromEntries(ALARM_SEVERITIES.map((severity) => [severity, counted.get(severity) ?? 0]));
    return alarmCountsSchema.parse({ active: rows.reduce((sum, { count }) => sum + count, 0), bySeverity });
  }

  /** @throws ProblemError `not-found`, also for an alarm that the caller may not see */
  async get(principal: Principal, id: string): Promise<AlarmView> {
    return toView(await readAlarm(this.database, principal, id));
  }

  /** Doing it twice changes nothing and tells nobody. */
  acknowledge(principal: Principal, id: string, actor: Actor): Promise<AlarmView> {
    return this.#change(principal, id, actor, ACKNOWLEDGE);
  }

  clear(principal: Principal, id: string, actor: Actor): Promise<AlarmView> {
    return this.#change(principal, id, actor, CLEAR);
  }

  /** The row and the message to the rule chain are one transaction; the answer shows the state after it. */
  #change(principal: Principal, id: string, actor: Actor, change: Change): Promise<AlarmView> {
    const { flag, time } = change;
    const { tenantId } = principal;
    return this.database.transaction(async (uow) => {
      const changed = await uow.query(
        `UPDATE alarm SET ${flag} = true, ${time} = $4 WHERE tenant_id = $1 AND id = $2 AND ($3::uuid IS NULL OR customer_id = $3)
         AND NOT ${flag} RETURNING id`,
        [tenantId, id, principal.customerId, this.clock.now()],
      );
      const alarm = await readAlarm(uow, principal, id);
      if (changed.length > 0) await this.#tell(uow, principal, alarm, actor, change);
      return toView(alarm);
    });
  }

  async #tell(uow: UnitOfWork, by: Principal, alarm: AlarmViewRow, actor: Actor, change: Change): Promise<void> {
    const { tenantId } = by;
    const { event, flag } = change;
    await this.queue.enqueue(uow, [alarmEvent(tenantId, toAlarm(alarm), event)]);
    await noteInHistory(uow, by, alarm.id, { kind: flag });
    await Audit.record(uow, { ...actor, tenantId, action: `alarm.${flag}`, entity: auditedAlarm(alarm) });
    uow.afterCommit(() => this.events.publish(tenantId, 'alarms', flag, alarm.id));
  }
}
