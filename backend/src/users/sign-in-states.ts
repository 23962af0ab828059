import { Inject } from '@nestjs/common';

import { Database, type UnitOfWork } from '../db/index.js';
import type { Membership } from './membership.js';

/** What signing in needs to know. */
export interface Credentials extends Membership {
  readonly userId: string;
  readonly email: string;
  /** Null until the user has chosen a password. */
  readonly passwordHash: string | null;
  /** Until the account unlocks by itself; null: it is not locked. */
  readonly lockedForSeconds: number | null;
}

/** Writes the columns of `user_account` that signing in changes: password, failures, lock, last sign-in. */
export class SignInStates {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** Active users alone; undefined for everyone else. */
  async credentials(email: string): Promise<Credentials | undefined> {
    const [row] = await this.database.query<Credentials>(CREDENTIALS, [email]);
    return row;
  }

  /** The hash of an active user. */
  async passwordHash(userId: string): Promise<string | null> {
    const [row] = await this.database.query<{ hash: string | null }>(
      'SELECT password_hash AS hash FROM user_account WHERE id = $1 AND active',
      [userId],
    );
    return row?.hash ?? null;
  }

  /** Also activates the account and lifts a lock: who may set the password is let in. */
  async setPassword(uow: UnitOfWork, userId: string, hash: string): Promise<void> {
    await uow.query(SET_PASSWORD, [userId, hash]);
  }

  /** The person came in by another way than a password. */
  async noteActivated(uow: UnitOfWork, userId: string): Promise<void> {
    await uow.query('UPDATE user_account SET activated_at = now() WHERE id = $1 AND activated_at IS NULL', [userId]);
  }

  /** Nobody signs in until a new one is set. */
  async clearPassword(uow: UnitOfWork, userId: string): Promise<void> {
    await uow.query('UPDATE user_account SET password_hash = NULL WHERE id = $1', [userId]);
  }

  /** A locked account counts no further. @returns the failures in a row, this one included */
  async noteFailure(uow: UnitOfWork, userId: string): Promise<number> {
    const [row] = await uow.query<{ failures: number }>(
      `UPDATE user_account SET failed_sign_ins = failed_sign_ins + 1
       WHERE id = $1 AND (locked_until IS NULL OR locked_until <= now()) RETURNING failed_sign_ins AS failures`,
      [userId],
    );
    return row?.failures ?? 0;
  }

  /** @returns when the lock ends, in milliseconds since the epoch */
  async lock(uow: UnitOfWork, userId: string, minutes: number): Promise<number> {
    const [row] = await uow.query<{ until: Date }>(
      `UPDATE user_account SET failed_sign_ins = 0, locked_until = now() + make_interval(mins => $2) WHERE id = $1
       RETURNING locked_until AS until`,
      [userId, minutes],
    );
    return row?.until.getTime() ?? 0;
  }

  async unlock(uow: UnitOfWork, userId: string): Promise<void> {
    await uow.query('UPDATE user_account SET failed_sign_ins = 0, locked_until = NULL WHERE id = $1', [userId]);
  }

  async noteSuccess(uow: UnitOfWork, userId: string): Promise<void> {
    await uow.query('UPDATE user_account SET failed_sign_ins = 0, last_sign_in_at = now() WHERE id = $1', [userId]);
  }
}

const CREDENTIALS = `
  SELECT id AS "userId", email, tenant_id AS "tenantId", role, customer_id AS "customerId", password_hash AS "passwordHash",
    CASE WHEN locked_until > now() THEN ceil(extract(epoch FROM locked_until - now()))::int END AS "lockedForSeconds"
  FROM user_account WHERE lower(email) = lower($1) AND active`;

const SET_PASSWORD = `
  UPDATE user_account
  SET password_hash = $2, password_changed_at = now(), activated_at = coalesce(activated_at, now()),
    failed_sign_ins = 0, locked_until = NULL
  WHERE id = $1`;
