import type { Clock, Database, UnitOfWork } from '../../db/index.js';
import type { Queue } from '../../queue/index.js';
import { mailFailure } from '../failures.js';
import type { Backlog } from './backlog.js';
import type { Claims } from './claims.js';
import { eraseContents } from './erase-contents.js';
import type { MailLogEvents } from './mail-log-events.js';
import type { MailMetrics } from './mail-metrics.js';
import { resumeEntry, type SettledMail } from './settled-resume.js';

const EXPIRE_AT_ONCE = 500;
/** Counting may take this share of the time at most. */
const COUNT_SHARE = 20;

interface ExpiredRow extends Omit<SettledMail, 'tenantId' | 'deliveryId' | 'failure'> {
  readonly tenantId: string;
  readonly deliveryId: string;
  readonly parkedId: string | null;
}

/** What time alone brings about; also heals what a crash left. Runs every few seconds, on every instance. */
export class Sweep {
  #countAgainAt = 0;

  constructor(
    private readonly db: Database,
    private readonly claims: Claims,
    private readonly queue: Queue,
    private readonly clock: Clock,
    private readonly backlog: Backlog,
    private readonly events: MailLogEvents,
    private readonly metrics: MailMetrics,
  ) {}

  /** @param known what this process has under way */
  async run(known: readonly string[]): Promise<void> {
    await this.claims.takeFromTheDead(known);
    while ((await this.#expire()) === EXPIRE_AT_ONCE);
    await this.claims.holds.letGoOverdue();
    await this.#count();
  }

  async #expire(): Promise<number> {
    const rows = await this.db.transaction((uow) => this.#expireIn(uow));
    for (const tenantId of new Set(rows.map((row) => row.tenantId))) this.events.changed(tenantId);
    return rows.length;
  }

  async #expireIn(uow: UnitOfWork): Promise<ExpiredRow[]> {
    const failure = mailFailure('expired');
    const rows = await uow.query<ExpiredRow>(EXPIRE, [failure, EXPIRE_AT_ONCE]);
    const entries = rows.flatMap((row) =>
      row.parkedId === null ? [] : [resumeEntry({ ...row, failure }, row.parkedId, this.clock.now())],
    );
    if (entries.length > 0) await this.queue.enqueue(uow, entries);
    await eraseContents(
      uow,
      rows.map(({ tenantId, deliveryId }) => ({ tenantId, id: deliveryId })),
    );
    return rows;
  }

  async #count(): Promise<void> {
    const begun = performance.now();
    if (begun < this.#countAgainAt) return;
    this.metrics.waiting(await this.backlog.count(this.db));
    this.#countAgainAt = begun + COUNT_SHARE * (performance.now() - begun);
  }
}

const EXPIRE = `
  WITH late AS (
    SELECT tenant_id, id, created_at FROM delivery WHERE settled_at IS NULL AND give_up_at <= now() AND state = 'waiting'
    ORDER BY give_up_at LIMIT $2 FOR UPDATE SKIP LOCKED
  )
  UPDATE delivery d SET state = 'expired', settled_at = now(), failure = $1::jsonb, held_until = NULL
  FROM late WHERE d.tenant_id = late.tenant_id AND d.id = late.id AND d.created_at = late.created_at
  RETURNING d.tenant_id AS "tenantId", d.id AS "deliveryId", d.parked_id AS "parkedId", d.message_id AS "messageId", d.reply, d.accepted, d.refused,
    CASE WHEN d.originator_id IS NOT NULL THEN json_build_object('type', d.originator_type, 'id', d.originator_id) END AS originator`;
