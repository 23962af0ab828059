import { randomBytes } from 'node:crypto';

import { Inject } from '@nestjs/common';

import { hashToken } from '../../access/index.js';
import { Database, type UnitOfWork } from '../../db/index.js';
import { toBase32 } from './totp.js';
import type { Owner } from './owner.js';

const COUNT = 10;
/** 80 bits: a fast hash protects them, as nobody guesses them. */
const BYTES = 10;

/** Writes the table `recovery_code`: codes on paper for the day on which the phone is lost. */
export class RecoveryCodes {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** New ones; the old ones end. @returns them, for this one time */
  async renew(uow: UnitOfWork, { tenantId, userId }: Owner): Promise<string[]> {
    const codes = Array.from({ length: COUNT }, newCode);
    await this.end(uow, { tenantId, userId });
    await uow.query('INSERT INTO recovery_code (tenant_id, user_id, code_hash) SELECT $1, $2, unnest($3::bytea[])', [
      tenantId,
      userId,
      codes.map(hashOf),
    ]);
    return codes;
  }

  async end(uow: UnitOfWork, { userId }: Owner): Promise<void> {
    await uow.query('DELETE FROM recovery_code WHERE user_id = $1', [userId]);
  }

  async left({ userId }: Owner): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM recovery_code WHERE user_id = $1',
      [userId],
    );
    return row?.count ?? 0;
  }

  /** Uses the code up. @returns false when it is none, or was used */
  async use(uow: UnitOfWork, { userId }: Owner, code: string): Promise<boolean> {
    const rows = await uow.query('DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2 RETURNING 1', [
      userId,
      hashOf(code),
    ]);
    return rows.length > 0;
  }
}

/** Four groups of four, easy to read from paper. */
const newCode = (): string => toBase32(randomBytes(BYTES)).toLowerCase().match(/.{4}/g)?.join('-') ?? '';

/** As it is typed: hyphens, blanks and case do not matter. */
const hashOf = (code: string): Buffer => hashToken(code.toLowerCase().replace(/[^a-z2-7]/g, ''));
