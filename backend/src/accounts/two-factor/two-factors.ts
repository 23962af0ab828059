import { Inject } from '@nestjs/common';

import { CLOCK, Database, type Clock, type Queryable, type UnitOfWork } from '../../db/index.js';
import { SecretBox, type SecretPlace } from '../../secrets/index.js';
import type { Owner } from './owner.js';
import { newTotpSecret, stepOfCode } from './totp.js';

interface Row {
  readonly secret: string | null;
  readonly since: Date | null;
  readonly new_secret: string | null;
  readonly email_codes: boolean;
}

/** What somebody has besides a password. */
export interface Factors {
  /** When the app was confirmed, in milliseconds since the epoch; null: there is none. */
  readonly totpSince: number | null;
  readonly emailCodes: boolean;
}

/** Writes the table `two_factor`. Secrets of apps are sealed, and opened only to check a code. */
export class TwoFactors {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async of({ userId }: Owner): Promise<Factors> {
    const row = await find(this.database, userId);
    return { totpSince: row?.since?.getTime() ?? null, emailCodes: row?.email_codes ?? false };
  }

  /** A new secret that counts once a code of it was seen; an app that works goes on working until then. */
  async begin(uow: UnitOfWork, owner: Owner): Promise<string> {
    const secret = newTotpSecret();
    await uow.query(
      `INSERT INTO two_factor (tenant_id, user_id, new_secret) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET new_secret = EXCLUDED.new_secret`,
      [owner.tenantId, owner.userId, this.box.seal(secret, placeOf(owner))],
    );
    return secret;
  }

  /** @returns false when the code is not one of the new secret, or there is none */
  async confirm(uow: UnitOfWork, owner: Owner, code: string): Promise<boolean> {
    const sealed = (await find(uow, owner.userId, 'FOR UPDATE'))?.new_secret ?? null;
    const step = this.#stepOf(sealed, owner, code);
    if (step === undefined) return false;
    await uow.query(
      `UPDATE two_factor SET secret = new_secret, new_secret = NULL, since = now(), last_step = $2 WHERE user_id = $1`,
      [owner.userId, step],
    );
    return true;
  }

  /** A code works once: its step, and every one before, is refused from then on. */
  async useCode(uow: UnitOfWork, owner: Owner, code: string): Promise<boolean> {
    const step = this.#stepOf((await find(uow, owner.userId))?.secret ?? null, owner, code);
    if (step === undefined) return false;
    const rows = await uow.query(
      `UPDATE two_factor SET last_step = $2 WHERE user_id = $1 AND secret IS NOT NULL AND coalesce(last_step, -1) < $2
       RETURNING 1`,
      [owner.userId, step],
    );
    return rows.length > 0;
  }

  async setEmailCodes(uow: UnitOfWork, { tenantId, userId }: Owner, enabled: boolean): Promise<void> {
    await uow.query(
      `INSERT INTO two_factor (tenant_id, user_id, email_codes) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, user_id) DO UPDATE SET email_codes = EXCLUDED.email_codes`,
      [tenantId, userId, enabled],
    );
  }

  /** @returns whether there was one; a new app that was never confirmed is none */
  async end(uow: UnitOfWork, { userId }: Owner): Promise<boolean> {
    const [row] = await uow.query<{ counted: boolean }>(
      'DELETE FROM two_factor WHERE user_id = $1 RETURNING secret IS NOT NULL OR email_codes AS counted',
      [userId],
    );
    return row?.counted === true;
  }

  #stepOf(sealed: string | null, owner: Owner, code: string): number | undefined {
    const digits = code.replace(/\s/g, '');
    return sealed === null ? undefined : stepOfCode(this.box.open(sealed, placeOf(owner)), digits, this.clock.now());
  }
}

const placeOf = ({ tenantId, userId }: Owner): SecretPlace => ({
  tenantId,
  entity: `two_factor/${userId}`,
  field: 'secret',
});

async function find(db: Queryable, userId: string, lock: '' | 'FOR UPDATE' = ''): Promise<Row | undefined> {
  const sql = `SELECT secret, since, new_secret, email_codes FROM two_factor WHERE user_id = $1 ${lock}`;
  const [row] = await db.query<Row>(sql, [userId]);
  return row;
}
