import type { Clock, Database } from '../../db/index.js';
import { firstEnd, stateBy, warningDue } from './expiry.js';
import { refOf, type GrantRef, type GrantRow } from './grant-row.js';
import type { Grants } from './grants.js';
import type { OAuthFailure } from './oauth-failures.js';
import type { TokenService } from './token-service.js';

/** Something that keeps a mail server signed in comes to its end. */
export interface ExpiringGrant {
  readonly ref: GrantRef;
  readonly mailbox: string;
  /** `credential`: the application's secret or certificate. */
  readonly what: 'consent' | 'credential';
  /** Milliseconds since the epoch. */
  readonly endsAt: number;
  /** 14, 7, 3 or 1: each is told once. */
  readonly days: number;
  /** What is known about the end, with what to do. */
  readonly note: string;
}

/** Who tells people, by another way than the server that is dying. */
export interface ExpiryNotice {
  expiring(grant: ExpiringGrant): Promise<void>;
  /** A refresh was refused for good: the server cannot send until a person does something. */
  ended(ref: GrantRef, mailbox: string, failure: OAuthFailure): Promise<void>;
}

export interface RefresherParts {
  readonly db: Database;
  readonly grants: Grants;
  readonly tokens: TokenService;
  readonly notice: ExpiryNotice;
  readonly clock: Clock;
}

/** Grants of one round; more wait for the next one, or for another instance. */
const BATCH = 20;
/** A grant that was claimed and not refreshed (the process died) is due again after this. */
const CLAIM_MS = 5 * 60_000;
const CREDENTIAL_NOTE = 'Make a new secret or certificate at the provider and enter it in the OAuth application.';

interface Ending extends GrantRow {
  readonly credential_ends: Date | null;
}

/**
 * Keeps every grant alive, also of mailboxes that send nothing for months, and warns before something dies. Instances
 * share the work: whoever claims a grant moves its next refresh away, and skips what another one is claiming.
 */
export class Refresher {
  constructor(private readonly parts: RefresherParts) {}

  /** Refreshes all that is due. @returns how many were */
  async run(): Promise<number> {
    let refreshed = 0;
    for (;;) {
      const due = await this.#claim();
      await Promise.all(due.map((row) => this.#refresh(row)));
      refreshed += due.length;
      if (due.length < BATCH) break;
    }
    await this.#warn();
    return refreshed;
  }

  #claim(): Promise<GrantRow[]> {
    const now = this.parts.clock.now();
    return this.parts.db.query<GrantRow>(
      `UPDATE oauth_grant SET next_refresh_at = $2 WHERE (tenant_id, mail_server_id) IN (
         SELECT tenant_id, mail_server_id FROM oauth_grant WHERE next_refresh_at <= $1
         ORDER BY next_refresh_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING *`,
      [new Date(now), new Date(now + CLAIM_MS), BATCH],
    );
  }

  async #refresh(row: GrantRow): Promise<void> {
    const answer = await this.parts.tokens.refresh(row);
    if (!answer.ok && !answer.failure.retryable && row.state !== 'failing')
      await this.parts.notice.ended(refOf(row), row.mailbox, answer.failure);
  }

  /** One statement finds what is within 14 days of an end; what was told already is not told again. */
  async #warn(): Promise<void> {
    const now = this.parts.clock.now();
    const rows = await this.parts.db.query<Ending>(
      `SELECT g.*, a.secret_expires_at AS credential_ends FROM oauth_grant g
       JOIN oauth_application a ON a.tenant_id = g.application_tenant_id AND a.id = g.application_id
       WHERE g.state IN ('valid', 'expiring', 'failing')
         AND least(g.refresh_expires_at, a.secret_expires_at) <= $1::timestamptz + interval '14 days'`,
      [new Date(now)],
    );
    for (const row of rows) await this.#warnOf(row, now);
  }

  async #warnOf(row: Ending, now: number): Promise<void> {
    const [consent, credential] = [row.refresh_expires_at?.getTime() ?? null, row.credential_ends?.getTime() ?? null];
    const endsAt = firstEnd(consent, credential);
    const days = endsAt === null ? null : warningDue(endsAt, now);
    if (endsAt === null || days === null || (row.warned_days !== null && row.warned_days <= days)) return;
    const state = row.state === 'failing' ? row.state : stateBy(endsAt, now);
    if (!(await this.parts.grants.warned(row, state, days))) return;
    const what = endsAt === credential ? 'credential' : 'consent';
    const note = what === 'credential' ? CREDENTIAL_NOTE : (row.expiry_note ?? '');
    await this.parts.notice.expiring({ ref: refOf(row), mailbox: row.mailbox, what, endsAt, days, note });
  }
}
