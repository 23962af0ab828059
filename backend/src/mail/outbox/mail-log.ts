import type {
  DeliveryAttempt,
  DeliveryCounts,
  DeliveryDetail,
  DeliveryQuery,
  DeliveryState,
  DeliverySummary,
  Page,
  RefusedRecipient,
  SystemMailId,
} from '@signalpost/contracts';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Clock, Database, Queryable, UnitOfWork } from '../../db/index.js';
import { readPage } from '../../http/index.js';
import type { Queue } from '../../queue/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { OutboxSignal } from '../outbox-signal.js';
import { eraseContents } from './erase-contents.js';
import type { MailLogEvents } from './mail-log-events.js';
import { resumeEntry } from './settled-resume.js';

interface Row {
  readonly id: string;
  readonly tenant_id: string;
  readonly tenant_name: string;
  readonly created_at: Date;
  readonly state: DeliveryState;
  readonly subject: string;
  readonly template: SystemMailId | null;
  readonly recipients: string[];
  readonly server_tenant_id: string;
  readonly server_id: string;
  readonly server_name: string | null;
  readonly attempts: number;
  readonly next_attempt_at: Date;
  readonly reply: string | null;
  readonly failure: MailFailure | null;
  readonly alarm_id: string | null;
  readonly originator_name: string | null;
}

interface DetailRow extends Row {
  readonly message_id: string | null;
  readonly settled_at: Date | null;
  readonly give_up_at: Date;
  readonly accepted: string[];
  readonly refused: RefusedRecipient[];
}

interface CancelledRow extends Pick<
  DetailRow,
  'message_id' | 'reply' | 'accepted' | 'refused' | 'recipients' | 'alarm_id' | 'subject'
> {
  readonly parked_id: string | null;
  readonly originator: { readonly type: string; readonly id: string } | null;
}

const COLUMNS = `d.id, d.tenant_id, d.created_at, d.state, d.subject, d.template, d.recipients, d.server_tenant_id, d.server_id, d.attempts,
    d.next_attempt_at, d.reply, d.failure, d.alarm_id, d.message_id, d.settled_at, d.give_up_at, d.accepted, d.refused,
    (SELECT t.name FROM tenant t WHERE t.id = d.tenant_id) AS tenant_name,
    (SELECT o.name FROM device o WHERE d.originator_type = 'DEVICE' AND o.tenant_id = d.tenant_id AND o.id = d.originator_id) AS originator_name`;

/** A tenant learns which of its own servers it was, and of the system's only that it was one. */
const OF_A_TENANT = `
  SELECT ${COLUMNS},
    (SELECT s.name FROM mail_server s WHERE s.tenant_id = d.tenant_id AND s.tenant_id = d.server_tenant_id AND s.id = d.server_id) AS server_name
  FROM delivery d WHERE d.tenant_id = $1`;

/** The system's administrators look after the mails that the system itself writes, to whomever; a tenant's alarm mails are the tenant's. */
const OF_THE_SYSTEM = `
  SELECT ${COLUMNS},
    (SELECT s.name FROM mail_server s WHERE s.tenant_id = d.server_tenant_id AND s.id = d.server_id) AS server_name
  FROM delivery d WHERE d.template IS NOT NULL AND $1::uuid IS NOT NULL`;

const visibleTo = (tenantId: string): string => (tenantId === SYSTEM_TENANT_ID ? OF_THE_SYSTEM : OF_A_TENANT);

/** What is not settled, however old, and what went wrong in the last day. */
function countsOf(system: boolean): string {
  const visible = system ? 'template IS NOT NULL AND $1::uuid IS NOT NULL' : 'tenant_id = $1';
  return `
    SELECT (SELECT count(*) FROM delivery WHERE ${visible} AND state IN ('waiting', 'sending'))::int AS waiting,
           count(*) FILTER (WHERE state = 'refused')::int AS refused, count(*) FILTER (WHERE state = 'expired')::int AS expired
    FROM delivery WHERE ${visible} AND created_at > now() - interval '1 day'`;
}

/** The mail log of one tenant: what became of its mails, and a person's word in it. */
export class MailLog {
  constructor(
    private readonly db: Database,
    private readonly queue: Queue,
    private readonly clock: Clock,
    private readonly signal: OutboxSignal,
    private readonly events: MailLogEvents,
  ) {}

  list(tenantId: string, { state, alarmId, ...query }: DeliveryQuery): Promise<Page<DeliverySummary>> {
    const sql = `${visibleTo(tenantId)} AND ($2::text IS NULL OR d.state = $2) AND ($3::uuid IS NULL OR d.alarm_id = $3)`;
    const keys = { created_at: 'timestamptz', id: 'uuid' } as const;
    const values = [tenantId, state ?? null, alarmId ?? null];
    return readPage(this.db, { sql, values, keys, order: 'DESC' }, query, (row: Row) => toSummary(row, tenantId));
  }

  async counts(tenantId: string): Promise<DeliveryCounts> {
    const [row] = await this.db.query<DeliveryCounts>(countsOf(tenantId === SYSTEM_TENANT_ID), [tenantId]);
    return row ?? { waiting: 0, refused: 0, expired: 0 };
  }

  async read(tenantId: string, id: string): Promise<DeliveryDetail | null> {
    const [row] = await this.db.query<DetailRow>(`${visibleTo(tenantId)} AND d.id = $2`, [tenantId, id]);
    return row === undefined ? null : toDetail(row, tenantId, await loadAttempts(this.db, row.tenant_id, id));
  }

  /** Only what waits can be cancelled; the message that waited for the mail goes on at Failure. */
  async cancel(readerTenantId: string, id: string, actor: Actor): Promise<boolean> {
    return this.db.transaction(async (uow) => {
      const tenantId = await ownerOf(uow, readerTenantId, id);
      const failure = mailFailure('cancelled');
      const [row] = await uow.query<CancelledRow>(CANCEL, [tenantId, id, failure]);
      if (row === undefined) return false;
      await eraseContents(uow, [{ tenantId, id }]);
      const settled = { ...row, tenantId, deliveryId: id, messageId: row.message_id, failure };
      if (row.parked_id !== null)
        await this.queue.enqueue(uow, [resumeEntry(settled, row.parked_id, this.clock.now())]);
      await note(uow, tenantId, 'cancelled', { id, name: row.subject }, actor);
      const { alarm_id: alarmId } = row;
      uow.afterCommit(() =>
        this.signal.wake({
          held: alarmId === null ? [] : row.recipients.map((address) => ({ tenantId, alarmId, address })),
        }),
      );
      uow.afterCommit(() => this.events.changed(tenantId));
      return true;
    });
  }

  /**
   * Sends again what was not accepted by all, to those that have not accepted it. The rule chain went on long ago, so nobody
   * is told. What certainly reached nobody is composed anew, because settings may have changed; the Message-ID stays. A mute of
   * its alarm holds it back no more: this very mail was asked for. One that was put off has its turn now; its server may rest all
   * the same.
   */
  async retry(tenantId: string, id: string, actor: Actor): Promise<boolean> {
    return this.db.transaction(async (uow) => {
      const again = (sql: string) => uow.query<Pick<Row, 'subject'>>(sql, [tenantId, id]);
      const [row] = [...(await again(RETRY)), ...(await again(HURRY))];
      if (row === undefined) return false;
      await note(uow, tenantId, 'retried', { id, name: row.subject }, actor);
      uow.afterCommit(() => this.events.changed(tenantId));
      uow.afterCommit(() => this.signal.wake());
      return true;
    });
  }
}

const CANCEL = `
  UPDATE delivery SET state = 'cancelled', settled_at = now(), held_until = NULL, failure = $3::jsonb
  WHERE tenant_id = $1 AND id = $2 AND state = 'waiting'
  RETURNING message_id, subject, reply, accepted, refused, recipients, alarm_id, parked_id,
    CASE WHEN originator_id IS NOT NULL THEN json_build_object('type', originator_type, 'id', originator_id) END AS originator`;

const RETRY = `
  UPDATE delivery SET state = 'waiting', settled_at = NULL, parked_id = NULL, held_until = NULL, failure = NULL, despite_mute = true, refused = '[]', next_attempt_at = now(),
    give_up_at = now() + (give_up_at - created_at), raw = CASE WHEN state IN ('expired', 'suppressed') OR accepted <> '{}' THEN raw END
  WHERE tenant_id = $1 AND id = $2 AND state IN ('refused', 'cancelled', 'expired', 'suppressed') AND draft IS NOT NULL
  RETURNING subject`;

const HURRY = `
  UPDATE delivery SET next_attempt_at = now(), despite_mute = true
  WHERE tenant_id = $1 AND id = $2 AND state = 'waiting' AND next_attempt_at > now() AND draft IS NOT NULL
  RETURNING subject`;

/** Whose mail it is: the reader's own, or one of the system to somebody else. */
async function ownerOf(uow: UnitOfWork, readerTenantId: string, id: string): Promise<string> {
  if (readerTenantId !== SYSTEM_TENANT_ID) return readerTenantId;
  const [row] = await uow.query<{ tenant_id: string }>(
    'SELECT tenant_id FROM delivery WHERE id = $1 AND template IS NOT NULL',
    [id],
  );
  return row?.tenant_id ?? readerTenantId;
}

function note(
  uow: UnitOfWork,
  tenantId: string,
  what: 'cancelled' | 'retried',
  mail: { readonly id: string; readonly name: string },
  actor: Actor,
): Promise<void> {
  return Audit.record(uow, { ...actor, tenantId, action: `delivery.${what}`, entity: { type: 'delivery', ...mail } });
}

const toSummary = (row: Row, readerTenantId: string): DeliverySummary => ({
  id: row.id,
  tenant: row.tenant_id === readerTenantId ? null : { id: row.tenant_id, name: row.tenant_name },
  createdAt: row.created_at.getTime(),
  state: row.state,
  subject: row.subject,
  template: row.template,
  recipients: row.recipients,
  server: {
    id: row.server_id,
    name: row.server_name,
    scope: row.server_tenant_id === SYSTEM_TENANT_ID ? 'system' : 'tenant',
  },
  attempts: row.attempts,
  nextAttemptAt: row.state === 'waiting' ? row.next_attempt_at.getTime() : null,
  reply: row.reply,
  failure: row.failure,
  alarmId: row.alarm_id,
  originatorName: row.originator_name,
});

const toDetail = (row: DetailRow, readerTenantId: string, history: DeliveryAttempt[]): DeliveryDetail => ({
  ...toSummary(row, readerTenantId),
  messageId: row.message_id,
  settledAt: row.settled_at?.getTime() ?? null,
  giveUpAt: row.give_up_at.getTime(),
  acceptedRecipients: row.accepted,
  refusedRecipients: row.refused,
  history,
});

interface AttemptRow extends Omit<DeliveryAttempt, 'at'> {
  readonly at: Date;
}

const MAX_HISTORY = 200;
async function loadAttempts(db: Queryable, tenantId: string, id: string): Promise<DeliveryAttempt[]> {
  const rows = await db.query<AttemptRow>(
    `SELECT attempt, at, server_revision AS "serverRevision", duration_ms AS "durationMs", accepted, reply, failure
     FROM delivery_attempt WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY attempt DESC, at DESC LIMIT $3`,
    [tenantId, id, MAX_HISTORY],
  );
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}
