import { Inject, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

import { Database, type UnitOfWork } from '../../db/index.js';
import { LOG, type Log } from '../../http/index.js';
import { Users, type UserRecord } from '../../users/index.js';
import { AccountMails } from '../account-mails.js';
import { somebody, UserTrail } from '../user-trail.js';

/** It is not told of requests: the moment of its work must not depend on any, or the next answer could tell of it. */
const LOOK_EVERY_MS = 1_000;
/** Mails to one address in an hour; further requests are dropped, and nobody can tell. */
const PER_ADDRESS_AN_HOUR = 5;
/** A request that fails is tried again after so many seconds, and dropped when nobody can be waiting any more. */
const RETRY_SECONDS = 30;
const DROPPED_AFTER_MINUTES = 60;

interface Request {
  readonly id: string;
  readonly email: string | null;
  readonly token_hash: Buffer | null;
  readonly source: string | null;
}

/** Takes the requests that `LinkRequests` leaves: finds out whether they name somebody, and sends the link. */
export class LinkRequestWorker implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #again = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(AccountMails) private readonly mails: AccountMails,
    @Inject(UserTrail) private readonly trail: UserTrail,
    @Inject(LOG) private readonly log: Pick<Log, 'warn'>,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.run(), LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  /** Works on everything that is due. One round at a time; a wish that comes meanwhile is one more round afterwards. */
  run(): Promise<void> {
    this.#again = true;
    this.#round ??= this.#rounds().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#takeAll().catch((error: unknown) => {
        this.log.warn({ err: error }, 'Requests for links could not be worked on; they are tried again');
      });
    }
  }

  /** One request a transaction. */
  async #takeAll(): Promise<void> {
    await this.database.query(`DELETE FROM link_request WHERE created_at < now() - make_interval(mins => $1)`, [
      DROPPED_AFTER_MINUTES,
    ]);
    while (await this.#takeOne());
  }

  /** @returns false when nothing is due. A request that fails waits; the others go on. */
  async #takeOne(): Promise<boolean> {
    const [request] = await this.database.query<Request>(CLAIM, [RETRY_SECONDS]);
    if (request === undefined) return false;
    try {
      await this.database.transaction(async (uow) => {
        const taken = await uow.query('DELETE FROM link_request WHERE id = $1 RETURNING id', [request.id]);
        if (taken.length > 0) await this.#answer(uow, request);
      });
    } catch (error) {
      this.log.warn({ err: error }, 'A request for a link failed; it is tried again');
    }
    return true;
  }

  async #answer(uow: UnitOfWork, request: Request): Promise<void> {
    const user = await this.#userOf(uow, request);
    if (user === undefined || !user.active || (await hadEnough(uow, user))) return;
    if (user.activatedAt === null) await this.mails.invitation(uow, user, null);
    else if (request.email !== null) await this.#reset(uow, user, request.source);
  }

  async #reset(uow: UnitOfWork, user: UserRecord, source: string | null): Promise<void> {
    await this.mails.passwordReset(uow, user, source);
    await this.trail.note(uow, user, 'user.password-reset-requested', somebody(source));
  }

  async #userOf(uow: UnitOfWork, { email, token_hash: tokenHash }: Request): Promise<UserRecord | undefined> {
    if (email !== null) return this.users.findByEmail(uow, email);
    const [link] = await uow.query<{ id: string }>(EXPIRED_INVITATION, [tokenHash]);
    return link && this.users.findById(uow, link.id);
  }
}

/** The row is locked, so that two instances do not both send the last mail of the hour. */
async function hadEnough(uow: UnitOfWork, { id }: UserRecord): Promise<boolean> {
  await uow.query('SELECT 1 FROM user_account WHERE id = $1 FOR NO KEY UPDATE', [id]);
  const [row] = await uow.query<{ count: number }>(RECENT, [id]);
  return (row?.count ?? 0) >= PER_ADDRESS_AN_HOUR;
}

/** The claim is committed at once: a request that kills the process does not come back at once. */
const CLAIM = `
  UPDATE link_request SET due_at = now() + make_interval(secs => $1), attempts = attempts + 1 WHERE id = (
    SELECT id FROM link_request WHERE due_at <= now() ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, email, token_hash, source`;

/** A link that works, or was used, is no reason for another mail. */
const EXPIRED_INVITATION = `
  SELECT user_id AS id FROM account_link
  WHERE token_hash = $1 AND purpose = 'activation' AND used_at IS NULL AND expires_at <= now()`;

/** Mails alone: a link that an administrator looked at is not counted. */
const RECENT = `
  SELECT count(*)::int AS count FROM account_link
  WHERE user_id = $1 AND purpose IN ('activation', 'password-reset') AND delivery_id IS NOT NULL
    AND created_at > now() - interval '1 hour'`;
