import { Inject } from '@nestjs/common';
import type { LinkPurpose } from '@signalpost/contracts';

import { hashToken, newToken } from '../../access/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { LINK_RULES, linkUrl } from './link-rules.js';

/** A link as it was just made: the one moment at which its token is known. */
export interface NewLink {
  readonly url: string;
  readonly tokenHash: Buffer;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface LinkFor {
  readonly purpose: LinkPurpose;
  readonly tenantId: string;
  readonly userId: string;
  /** Of the links about addresses: the address that the account will have. */
  readonly address?: string;
}

/** A stored link. */
export interface LinkRecord {
  readonly purpose: LinkPurpose;
  readonly tenantId: string;
  readonly userId: string;
  readonly address: string | null;
  readonly expiresAt: Date;
  readonly state: 'usable' | 'expired' | 'used';
}

/** Of one purpose and person: a mail may arrive after a newer one was asked for, so a few work side by side. */
const MOST_AT_ONCE = 5;
/** So long a used or expired link can still say what is wrong with it. */
const REMEMBERED_DAYS = 90;

/** Writes the table `account_link`. A link works once, and looking at it changes nothing but that it was looked at. */
export class AccountLinks {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>) {}

  async create(uow: UnitOfWork, { purpose, tenantId, userId, address }: LinkFor): Promise<NewLink> {
    const token = newToken();
    const tokenHash = hashToken(token);
    await uow.query('DELETE FROM account_link WHERE expires_at < now() - make_interval(days => $1)', [REMEMBERED_DAYS]);
    const values = [tokenHash, purpose, tenantId, userId, address ?? null, LINK_RULES[purpose].hours];
    const [row] = await uow.query<{ expires_at: Date }>(INSERT, values);
    await uow.query(END_OLDEST, [userId, purpose, MOST_AT_ONCE]);
    return {
      url: linkUrl(this.config.publicUrl, purpose, token),
      tokenHash,
      expiresAt: row?.expires_at.getTime() ?? 0,
    };
  }

  /** Notes which mail carries a link. */
  async sentWith(uow: UnitOfWork, link: NewLink, deliveryId: string): Promise<void> {
    await uow.query('UPDATE account_link SET delivery_id = $2 WHERE token_hash = $1', [link.tokenHash, deliveryId]);
  }

  /**
   * Notes that somebody, perhaps a mail scanner, looks at a link.
   * @throws ProblemError `link-expired`, `link-invalid`
   */
  async look(db: Queryable, token: string): Promise<LinkRecord> {
    const link = await this.find(db, token);
    refuseUnusable(link);
    await db.query('UPDATE account_link SET opened_at = coalesce(opened_at, now()) WHERE token_hash = $1', [
      hashToken(token),
    ]);
    return link;
  }

  async find(db: Queryable, token: string): Promise<LinkRecord | undefined> {
    const [link] = await db.query<LinkRecord>(FIND, [hashToken(token)]);
    return link;
  }

  /**
   * Uses a link up, with all others that the person has for the same. Of two who use one at once, the second waits and is
   * refused.
   * @throws ProblemError `link-expired`, `link-invalid`
   */
  async use(uow: UnitOfWork, token: string, ...purposes: readonly LinkPurpose[]): Promise<LinkRecord> {
    const [link] = await uow.query<LinkRecord>(`${FIND} FOR UPDATE OF l`, [hashToken(token)]);
    refuseUnusable(link);
    if (!purposes.includes(link.purpose)) throw new ProblemError('link-invalid');
    await this.end(uow, link, link.purpose);
    return link;
  }

  /** None of these works any more. */
  async end(uow: UnitOfWork, user: { readonly userId: string }, ...purposes: readonly LinkPurpose[]): Promise<void> {
    await uow.query(
      'UPDATE account_link SET used_at = now() WHERE user_id = $1 AND purpose = ANY ($2) AND used_at IS NULL',
      [user.userId, purposes],
    );
  }

  /** An address that still has to be confirmed. */
  async pendingAddress(db: Queryable, userId: string): Promise<{ email: string; expiresAt: number } | null> {
    const [row] = await db.query<{ address: string; expires_at: Date }>(PENDING_ADDRESS, [userId]);
    return row === undefined ? null : { email: row.address, expiresAt: row.expires_at.getTime() };
  }
}

function refuseUnusable(link: LinkRecord | undefined): asserts link is LinkRecord {
  if (link === undefined || link.state === 'used') throw new ProblemError('link-invalid');
  if (link.state === 'expired') throw new ProblemError('link-expired');
}

const INSERT = `
  INSERT INTO account_link (token_hash, purpose, tenant_id, user_id, address, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, clock_timestamp(), now() + make_interval(hours => $6)) RETURNING expires_at`;

const END_OLDEST = `
  UPDATE account_link SET used_at = now() WHERE used_at IS NULL AND token_hash IN (
    SELECT token_hash FROM account_link WHERE user_id = $1 AND purpose = $2
    ORDER BY created_at DESC OFFSET $3)`;

const FIND = `
  SELECT l.purpose, l.tenant_id AS "tenantId", l.user_id AS "userId", l.address, l.expires_at AS "expiresAt",
    CASE WHEN l.used_at IS NOT NULL THEN 'used' WHEN l.expires_at <= now() THEN 'expired' ELSE 'usable' END AS state
  FROM account_link l JOIN user_account u ON u.id = l.user_id AND u.active
  WHERE l.token_hash = $1`;

const PENDING_ADDRESS = `
  SELECT address, expires_at FROM account_link
  WHERE user_id = $1 AND purpose = 'address-confirmation' AND used_at IS NULL AND expires_at > now()
  ORDER BY created_at DESC LIMIT 1`;
