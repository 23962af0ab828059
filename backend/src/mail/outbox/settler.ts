import { Pace, type Clock, type Database, type PaceOptions, type Queryable, type UnitOfWork } from '../../db/index.js';
import type { Queue } from '../../queue/index.js';
import type { HeldPlace } from '../outbox-signal.js';
import type { ClaimedMail, DeliveryKey } from './delivery-rows.js';
import type { MailLogEvents } from './mail-log-events.js';
import { eraseContents } from './erase-contents.js';
import { moveOn } from './move-system-mails.js';
import { resumeEntry } from './settled-resume.js';
import type { Verdict } from './verdict.js';

/** One attempt that ended. */
export interface Attempted {
  readonly mail: ClaimedMail;
  readonly messageId: string | null;
  readonly verdict: Verdict;
  readonly serverRevision: number;
  readonly durationMs: number;
}

/** Outcomes that wait to be written, so that nothing more is claimed: after a crash so many mails could be sent twice. */
export const MOST_UNWRITTEN = 100;
/** So many are written without waiting for more: the sender must not come to stand for it. */
const ENOUGH = MOST_UNWRITTEN / 2;
/** In one transaction; more wait for the next. */
const MAX_BATCH = 500;
/** Up to some 200 a second are written as they come: what is not written is sent a second time after a crash. */
const PACE: PaceOptions = {
  stepMs: 4,
  stepMsPerMessage: 0.25,
  mostMs: 8,
  share: 0.25,
  saved: 8,
  large: MAX_BATCH,
  busyMs: 0,
};
/** Pause before a settlement is tried again when the database is out of reach. What was sent must not be forgotten. */
const AGAIN_AFTER_MS = 1_000;

/**
 * Writes what became of attempts, many at once: while one batch commits, the next gathers. The delivery, its attempt and
 * the parked message's way back into the queue commit together.
 */
export class Settler {
  #waiting: Attempted[] = [];
  #running: Promise<void> | undefined;
  #enough: () => void = () => undefined;
  readonly #pace = new Pace(PACE);

  constructor(
    private readonly db: Database,
    private readonly queue: Queue,
    private readonly clock: Clock,
    private readonly events: MailLogEvents,
    private readonly settled: (batch: readonly Attempted[], held: readonly HeldPlace[]) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  add(attempted: Attempted): void {
    this.#waiting.push(attempted);
    if (this.#waiting.length >= ENOUGH) this.#enough();
    this.#running ??= this.#run();
  }

  /** Attempts that are not being written yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Ends when everything that was added is written. */
  async drained(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Forgets itself with its last step: what is added right after begins a new one. */
  async #run(): Promise<void> {
    await Promise.resolve();
    try {
      let most = MAX_BATCH;
      while (this.#waiting.length > 0) most = await this.#writeSome(most);
    } finally {
      this.#running = undefined;
    }
  }

  /** @returns how many to write at most the next time */
  async #writeSome(most: number): Promise<number> {
    await this.#itsTime();
    const batch = this.#waiting.splice(0, most);
    this.#pace.begun(batch.length, performance.now());
    const written = await this.#tryToWrite(batch);
    this.#pace.ended(performance.now());
    return written ? Math.min(MAX_BATCH, most * 2) : Math.max(1, Math.floor(batch.length / 2));
  }

  async #itsTime(): Promise<void> {
    const waitMs = this.#pace.waitMs(performance.now());
    if (waitMs === 0 || this.#waiting.length >= ENOUGH) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#enough = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** What could not be written goes to the end and comes back in smaller batches: one that the database refuses holds up no other. */
  async #tryToWrite(batch: readonly Attempted[]): Promise<boolean> {
    try {
      await this.#write(batch);
      return true;
    } catch (error) {
      this.failed(error);
      this.#waiting.push(...batch);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
      return false;
    }
  }

  async #write(batch: readonly Attempted[]): Promise<void> {
    const more = batch.some(
      ({ mail, verdict }) =>
        verdict.moveTo !== undefined ||
        ((mail.parkedId !== null || mail.system !== null) && verdict.state !== 'waiting'),
    );
    const ours = more
      ? await this.db.transaction((uow) => this.#settleAndResume(uow, batch))
      : await settle(this.db, batch);
    for (const tenantId of new Set(ours.map(({ mail }) => mail.tenantId))) this.events.changed(tenantId);
    this.settled(batch, ours.flatMap(freedPlaces));
  }

  async #settleAndResume(uow: UnitOfWork, batch: readonly Attempted[]): Promise<Attempted[]> {
    const ours = await settle(uow, batch);
    await moveOn(uow, ours);
    await eraseContents(
      uow,
      ours.flatMap(({ mail, verdict }) => (mail.system === null || verdict.state === 'waiting' ? [] : [mail])),
    );
    const entries = ours.flatMap(({ mail, verdict, messageId }) => {
      if (mail.parkedId === null || verdict.state === 'waiting') return [];
      return [resumeEntry({ ...mail, ...verdict, deliveryId: mail.id, messageId }, mail.parkedId, this.clock.now())];
    });
    await this.queue.enqueue(uow, entries);
    return ours;
  }
}

/** @returns those that were still this process's; rows that another instance took over meanwhile are left alone */
async function settle(db: Queryable, batch: readonly Attempted[]): Promise<Attempted[]> {
  const rows = await db.query<{ id: string }>(SETTLE, [JSON.stringify(batch.map(toRow))]);
  const ids = new Set(rows.map(({ id }) => id));
  return batch.filter(({ mail }) => ids.has(mail.id));
}

function freedPlaces({ mail, verdict }: Attempted): HeldPlace[] {
  const { tenantId, alarmId } = mail;
  if (alarmId === null || verdict.state === 'waiting') return [];
  return mail.recipients.map((address) => ({ tenantId, alarmId, address }));
}

function toRow({ mail, verdict, serverRevision, durationMs }: Attempted): Record<string, unknown> {
  const { tenantId, id, createdAt, owner }: DeliveryKey = mail;
  return {
    ...{ tenant_id: tenantId, id, created_at: createdAt, owner },
    ...{ state: verdict.state, next_in_ms: verdict.nextInMs, reply: verdict.reply, failure: verdict.failure },
    ...{
      accepted: verdict.accepted,
      refused: verdict.refused,
      server_revision: serverRevision,
      duration_ms: Math.round(durationMs),
    },
  };
}

/** Found by its key alone, as in `CLAIM`: only what is being sent has an owner. */
const SETTLE = {
  name: 'outbox-settle',
  text: `
    WITH input AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS i (tenant_id uuid, id uuid, created_at timestamptz, owner int, state text,
        next_in_ms float8, reply text, failure jsonb, accepted text[], refused jsonb, server_revision int, duration_ms int)
    ), done AS (
      UPDATE delivery d SET state = i.state, owner = NULL, attempts = d.attempts + 1,
        next_attempt_at = now() + make_interval(secs => i.next_in_ms / 1000), reply = i.reply, failure = i.failure,
        accepted = i.accepted, refused = i.refused, held_until = NULL, settled_at = CASE WHEN i.state <> 'waiting' THEN now() END
      FROM input i
      WHERE d.tenant_id = i.tenant_id AND d.id = i.id AND d.created_at = i.created_at AND d.owner IS NOT DISTINCT FROM i.owner
      RETURNING d.tenant_id, d.id, d.attempts, i.server_revision, i.duration_ms, i.state = 'accepted', i.reply, i.failure
    )
    INSERT INTO delivery_attempt (tenant_id, delivery_id, attempt, server_revision, duration_ms, accepted, reply, failure)
    SELECT * FROM done
    RETURNING delivery_id AS id`,
};
