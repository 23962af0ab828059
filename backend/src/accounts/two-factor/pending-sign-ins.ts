import { createHash, randomInt } from 'node:crypto';

import { Inject } from '@nestjs/common';

import { hashToken, newToken } from '../../access/index.js';
import { CLOCK, Database, type Clock, type UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import type { Owner } from './owner.js';

export const PENDING_MINUTES = 10;
/** Wrong codes of one sign-in; then the password is asked for again. */
const MOST_FAILURES = 5;
/** Mails of one sign-in. */
const MOST_CODES = 3;
const CODE_DIGITS = 6;

/** Somebody whose password was right. */
export interface PendingSignIn extends Owner {
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

interface Row extends Owner {
  readonly expires_at: Date;
  readonly code_hash: Buffer | null;
}

/** Writes the table `pending_sign_in`: between the password and the second factor. */
export class PendingSignIns {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @returns the token for the cookie */
  async create({ tenantId, userId }: Owner): Promise<{ token: string; expiresAt: number }> {
    const token = newToken();
    const expiresAt = this.clock.now() + PENDING_MINUTES * 60_000;
    await this.database.query('DELETE FROM pending_sign_in WHERE expires_at < $1', [new Date(this.clock.now())]);
    await this.database.query(
      'INSERT INTO pending_sign_in (token_hash, tenant_id, user_id, expires_at) VALUES ($1, $2, $3, $4)',
      [hashToken(token), tenantId, userId, new Date(expiresAt)],
    );
    return { token, expiresAt };
  }

  /** @throws ProblemError `sign-in-pending-expired` */
  async get(token: string | undefined): Promise<PendingSignIn> {
    const row = await this.#find(token);
    return { tenantId: row.tenantId, userId: row.userId, expiresAt: row.expires_at.getTime() };
  }

  async end(uow: UnitOfWork, token: string): Promise<void> {
    await uow.query('DELETE FROM pending_sign_in WHERE token_hash = $1', [hashToken(token)]);
  }

  async endAll(uow: UnitOfWork, { tenantId, userId }: Owner): Promise<void> {
    await uow.query('DELETE FROM pending_sign_in WHERE tenant_id = $1 AND user_id = $2', [tenantId, userId]);
  }

  /** Counted before the code is looked at, so that many at the same time are not more than one after the other. @throws ProblemError */
  async countTry(token: string): Promise<void> {
    const rows = await this.database.query(
      'UPDATE pending_sign_in SET failures = failures + 1 WHERE token_hash = $1 AND failures < $2 RETURNING 1',
      [hashToken(token), MOST_FAILURES],
    );
    if (rows.length > 0) return;
    await this.database.query('DELETE FROM pending_sign_in WHERE token_hash = $1', [hashToken(token)]);
    throw new ProblemError('sign-in-pending-expired');
  }

  /** A new code for a mail; the one before ends. @throws ProblemError `too-many-requests` */
  async newCode(uow: UnitOfWork, token: string): Promise<string> {
    const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0');
    const rows = await uow.query(
      `UPDATE pending_sign_in SET code_hash = $2, codes_sent = codes_sent + 1
       WHERE token_hash = $1 AND codes_sent < $3 RETURNING 1`,
      [hashToken(token), codeHash(token, code), MOST_CODES],
    );
    if (rows.length === 0)
      throw new ProblemError('too-many-requests', {
        detail: 'No more codes are sent for this sign-in.',
        retryAfterSeconds: PENDING_MINUTES * 60,
      });
    return code;
  }

  /** Uses the mailed code up. */
  async useCode(uow: UnitOfWork, token: string, code: string): Promise<boolean> {
    const rows = await uow.query(
      'UPDATE pending_sign_in SET code_hash = NULL WHERE token_hash = $1 AND code_hash = $2 RETURNING 1',
      [hashToken(token), codeHash(token, code.replace(/\s/g, ''))],
    );
    return rows.length > 0;
  }

  async #find(token: string | undefined): Promise<Row> {
    const [row] = await this.database.query<Row>(
      `SELECT tenant_id AS "tenantId", user_id AS "userId", expires_at, code_hash FROM pending_sign_in
       WHERE token_hash = $1 AND expires_at > $2 AND failures <= $3`,
      [hashToken(token ?? ''), new Date(this.clock.now()), MOST_FAILURES],
    );
    if (row === undefined) throw new ProblemError('sign-in-pending-expired');
    return row;
  }
}

/** The token is known to the browser alone: without it six digits cannot be tried against the hash. */
const codeHash = (token: string, code: string): Buffer => createHash('sha256').update(`${token}\n${code}`).digest();
