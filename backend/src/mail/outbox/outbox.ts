import type { RefusedRecipient } from '@signalpost/contracts';
import { deriveId } from '@signalpost/rule-nodes';
import type { MailCall, NodeScope, Result } from '@signalpost/rule-nodes/runtime';

import type { Clock, Queryable, UnitOfWork } from '../../db/index.js';
import type { Queue } from '../../queue/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { MailGroup, OutboxSignal } from '../outbox-signal.js';
import { isFailure, isSystemServer, loadServerChoices, type ServerChoices } from '../servers/choose-server.js';
import type { Backlog } from './backlog.js';
import { checkDraft } from './draft.js';
import type { MailLogEvents } from './mail-log-events.js';
import { resumeEntry } from './settled-resume.js';

/** A mail that no server took in this time is given up; a day outlasts a night and most outages of a provider. */
export const GIVE_UP_AFTER_SECONDS = 24 * 60 * 60;
/** The lanes: the system's own mails go first, then those that rule chains send. */
export const SYSTEM_MAIL_PRIORITY = 0;
export const RULE_MAIL_PRIORITY = 1;

export type Enqueued = Result<{ readonly deliveryId: string }>;
/** Who enqueues: the node's identity is part of the mail's key. */
export type MailScope = Pick<NodeScope, 'tenantId' | 'chainId' | 'nodeId' | 'nodeName'>;

interface NewDelivery {
  readonly id: string;
  readonly message_id: string;
  readonly mail_number: number;
  readonly server_tenant_id: string;
  readonly server_id: string;
  readonly alarm_id: string | null;
  readonly originator_type: string;
  readonly originator_id: string;
  readonly draft: object;
  readonly subject: string;
  readonly recipients: readonly string[];
  /** null: as the server's settings say, or else the default. */
  readonly give_up_seconds: number | null;
  readonly parked_id: string | null;
}

/** The way of rule chains into the outbox. */
export class Outbox {
  constructor(
    private readonly backlog: Backlog,
    private readonly signal: OutboxSignal,
    private readonly queue: Queue,
    private readonly clock: Clock,
    private readonly events: MailLogEvents,
  ) {}

  /**
   * Puts mails into the outbox, within the caller's transaction; they leave after its commit. The same call twice is the
   * same mail. Answers in the order of the calls; a mail that cannot be made (address, no server, outbox full) is a failure.
   */
  async enqueue(uow: UnitOfWork, scope: MailScope, calls: readonly MailCall[]): Promise<Enqueued[]> {
    if (calls.length === 0) return [];
    const named = calls.flatMap(({ server }) => (server.use === 'named' ? [server.serverId] : []));
    const choices = await loadServerChoices(uow, scope.tenantId, named);
    let room = await this.backlog.room(uow, scope.tenantId, choices.limits.maxWaitingMails);
    const quota = { left: choices.systemMailsLeft };
    const prepared = calls.map((call) =>
      room-- > 0 ? prepare(scope, call, choices, quota) : mailFailure('outbox-full'),
    );
    const deliveries = eachOnce(prepared.flatMap((made) => ('code' in made ? [] : [made])));
    if (deliveries.length > 0) await this.#insert(uow, scope, deliveries);
    return prepared.map((made) =>
      'code' in made ? { ok: false, failure: made } : { ok: true, value: { deliveryId: made.id } },
    );
  }

  async #insert(uow: UnitOfWork, scope: MailScope, deliveries: readonly NewDelivery[]): Promise<void> {
    const inserted = await uow.query<{ id: string }>(INSERT, [
      scope.tenantId,
      scope.nodeId,
      JSON.stringify({ chainId: scope.chainId, nodeId: scope.nodeId, nodeName: scope.nodeName }),
      JSON.stringify(deliveries),
      RULE_MAIL_PRIORITY,
      GIVE_UP_AFTER_SECONDS,
    ]);
    this.backlog.add(scope.tenantId, inserted.length);
    const fresh = new Set(inserted.map(({ id }) => id));
    await this.#resumeSettled(
      uow,
      scope.tenantId,
      deliveries.filter(({ id }) => !fresh.has(id)),
    );
    if (inserted.length === 0) return;
    uow.afterCommit(() => this.signal.wake({ came: groupsOf(scope.tenantId, deliveries) }));
    uow.afterCommit(() => this.events.changed(scope.tenantId));
  }

  /** A message that parks for a mail which is settled already (it came a second time) has nothing to wait for. */
  async #resumeSettled(uow: UnitOfWork, tenantId: string, known: readonly NewDelivery[]): Promise<void> {
    const parked = new Map(known.flatMap(({ id, parked_id }) => (parked_id === null ? [] : [[id, parked_id]])));
    if (parked.size === 0) return;
    const entries = (await loadSettled(uow, tenantId, [...parked.keys()])).flatMap((row) => {
      const parkedId = parked.get(row.id);
      return parkedId === undefined
        ? []
        : [
            resumeEntry(
              { ...row, tenantId, deliveryId: row.id, messageId: row.message_id },
              parkedId,
              this.clock.now(),
            ),
          ];
    });
    if (entries.length > 0) await this.queue.enqueue(uow, entries);
  }
}

/** @param quota mails over the system's server that are left today; one of them is used up */
function prepare(
  scope: MailScope,
  call: MailCall,
  choices: ServerChoices,
  quota: { left: number },
): NewDelivery | MailFailure {
  const checked = checkDraft(call.draft);
  if ('code' in checked) return checked;
  const server = choices.choose(call.server);
  if (isFailure(server)) return server;
  if (isSystemServer(server) && scope.tenantId !== server.tenantId && quota.left-- <= 0)
    return mailFailure('system-mail-quota');
  return {
    id: deriveId(call.messageId, scope.nodeId, 'mail', call.mailNumber),
    message_id: call.messageId,
    mail_number: call.mailNumber,
    server_tenant_id: server.tenantId,
    server_id: server.id,
    alarm_id: call.alarmId,
    originator_type: call.originator.entityType,
    originator_id: call.originator.id,
    ...checked,
    give_up_seconds: call.giveUpAfterSeconds,
    parked_id: call.parkedId,
  };
}

function groupsOf(tenantId: string, deliveries: readonly NewDelivery[]): MailGroup[] {
  const servers = new Map(
    deliveries.map((one) => [one.server_id, { tenantId: one.server_tenant_id, id: one.server_id }]),
  );
  return [...servers.values()].map((server) => ({ server, priority: RULE_MAIL_PRIORITY, tenantId }));
}

const eachOnce = (deliveries: readonly NewDelivery[]): NewDelivery[] => [
  ...new Map(deliveries.map((delivery) => [delivery.id, delivery])).values(),
];

const INSERT = {
  name: 'outbox-enqueue',
  text: `
    WITH input AS (
      SELECT * FROM ROWS FROM (jsonb_to_recordset($4::jsonb) AS (
        id uuid, message_id uuid, mail_number int, server_tenant_id uuid, server_id uuid, alarm_id uuid, originator_type text,
        originator_id uuid, draft jsonb, subject text, recipients text[], give_up_seconds int, parked_id uuid
      )) WITH ORDINALITY AS i (id, message_id, mail_number, server_tenant_id, server_id, alarm_id, originator_type,
        originator_id, draft, subject, recipients, give_up_seconds, parked_id, place)
    ), fresh AS (
      INSERT INTO delivery_key (tenant_id, message_id, node_id, mail_number, delivery_id)
      SELECT $1, message_id, $2, mail_number, id FROM input ON CONFLICT DO NOTHING RETURNING delivery_id
    ), inserted AS (
      INSERT INTO delivery (tenant_id, id, server_tenant_id, server_id, priority, give_up_at, alarm_id, originator_type,
        originator_id, source, draft, subject, recipients, parked_id)
      SELECT $1, i.id, i.server_tenant_id, i.server_id, $5, now() + make_interval(secs => coalesce(i.give_up_seconds,
        (SELECT (s.settings #>> '{defaults,giveUpAfterSeconds}')::int FROM mail_server s
         WHERE s.tenant_id = i.server_tenant_id AND s.id = i.server_id), $6)), i.alarm_id,
        i.originator_type, i.originator_id, $3, i.draft, i.subject, i.recipients, i.parked_id
      FROM input i JOIN fresh ON fresh.delivery_id = i.id
      ORDER BY i.place
      RETURNING id, server_tenant_id
    ), counted AS (
      INSERT INTO system_mail_count (tenant_id, day, shard, mails)
      SELECT $1, (now() AT TIME ZONE 'UTC')::date, pg_backend_pid() % 16, count(*)
      FROM inserted WHERE server_tenant_id <> $1 HAVING count(*) > 0
      ON CONFLICT (tenant_id, day, shard) DO UPDATE SET mails = system_mail_count.mails + EXCLUDED.mails
    ), forgotten AS (
      DELETE FROM system_mail_count WHERE tenant_id = $1 AND day < (now() AT TIME ZONE 'UTC')::date - 7
        AND EXISTS (SELECT FROM inserted WHERE server_tenant_id <> $1)
    )
    SELECT id FROM inserted`,
};

interface SettledRow {
  readonly id: string;
  readonly message_id: string | null;
  readonly originator: { type: string; id: string } | null;
  readonly reply: string | null;
  readonly accepted: string[];
  readonly refused: RefusedRecipient[];
  readonly failure: MailFailure | null;
}

function loadSettled(db: Queryable, tenantId: string, ids: readonly string[]): Promise<SettledRow[]> {
  return db.query<SettledRow>(
    `SELECT id, message_id, reply, accepted, refused, failure,
       CASE WHEN originator_id IS NOT NULL THEN json_build_object('type', originator_type, 'id', originator_id) END AS originator
     FROM delivery WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND state NOT IN ('waiting', 'sending')`,
    [tenantId, ids],
  );
}
