import { Inject } from '@nestjs/common';
import type { Setup } from '@signalpost/contracts';

import { hashToken, newToken, SYSTEM_TENANT_ID, type Actor } from '../access/index.js';
import { Audit } from '../audit/index.js';
import { CONFIG, type Config } from '../config/index.js';
import { Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import { Users } from '../users/index.js';
import { Passwords } from './passwords.js';

const LINK_HOURS = 24;
/** Two people with two links: the second waits, and is then refused. */
const SETUP_LOCK = 7_301_103;

/** Lets the first system administrator in: whoever reads the log of the first start holds the one-time link. */
export class FirstAdministrator {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Users) private readonly users: Users,
    @Inject(Passwords) private readonly passwords: Passwords,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  async isNeeded(): Promise<boolean> {
    return !(await this.users.hasSystemAdministrator(this.database));
  }

  /** A fresh link for the log, or undefined when there is an administrator. */
  async link(): Promise<string | undefined> {
    if (!(await this.isNeeded())) return undefined;
    const token = newToken();
    await this.database.query('DELETE FROM first_administrator_link WHERE expires_at < now()');
    await this.database.query(
      'INSERT INTO first_administrator_link (token_hash, expires_at) VALUES ($1, now() + make_interval(hours => $2))',
      [hashToken(token), LINK_HOURS],
    );
    return `${this.config.publicUrl}/setup?token=${token}`;
  }

  /**
   * @returns the new administrator
   * @throws ProblemError `setup-refused` for a link that is used, too old, or not needed any more
   */
  async create(
    { token, email, password }: Setup,
    actor: Actor,
  ): Promise<{ readonly tenantId: string; readonly userId: string }> {
    const hash = await this.passwords.hash(password);
    return this.database.transaction(async (uow) => {
      await uow.query('SELECT pg_advisory_xact_lock($1)', [SETUP_LOCK]);
      const used = await uow.query(USE_LINK, [hashToken(token)]);
      if (used.length === 0 || (await this.users.hasSystemAdministrator(uow))) throw new ProblemError('setup-refused');
      await uow.query('DELETE FROM first_administrator_link');
      const membership = { tenantId: SYSTEM_TENANT_ID, role: 'system-administrator', customerId: null } as const;
      const { id } = await this.users.save(uow, membership, { email, name: '', language: null }, hash, false);
      const entity = { type: 'installation', id: null, name: email } as const;
      await Audit.record(uow, { ...actor, tenantId: SYSTEM_TENANT_ID, action: 'installation.set-up', entity });
      return { tenantId: SYSTEM_TENANT_ID, userId: id };
    });
  }
}

const USE_LINK =
  'DELETE FROM first_administrator_link WHERE token_hash = $1 AND expires_at > now() RETURNING token_hash';
