import { setTimeout as pause } from 'node:timers/promises';

import type { Clock, Database } from '../../db/index.js';
import { isTransient } from '../../db/index.js';
import { SecretError } from '../../secrets/index.js';
import type { ApplicationInUse, ApplicationRef } from './application-in-use.js';
import type { OAuthApplications } from './applications.js';
import type { MakeClient } from './clients/oauth-client.js';
import type { TokenAnswer } from './exchange.js';
import { accessEnd, endedLikeTesting, firstEnd, isAlive, isFresh, nextRefresh, refreshEnd, stateBy } from './expiry.js';
import type { GrantRef, GrantRow } from './grant-row.js';
import { refOf } from './grant-row.js';
import { isAppOnly, type Grants, type NewTokens } from './grants.js';
import { healedBy, oauthFailure, refused, type Result } from './oauth-failures.js';

export interface AccessToken {
  /** A secret: for the connection that asked, and nowhere else. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Grows with each token; the transport's key holds it. */
  readonly grantRevision: number;
  /** The mail server did not take it, or the one before it: who finds it taken says so. */
  readonly refusedByServer: boolean;
}

export interface AccessTokenOptions {
  /** The token that the mail server refused is not fresh, whatever its end says. */
  readonly force?: boolean;
  /** With `force`: the `grantRevision` that was refused. If there is a newer token by now, it is answered unasked. */
  readonly refusedRevision?: number;
}

/** This process, among those that may ask the same provider. */
export interface LeaseOwner {
  readonly id: number;
}

export interface TokenServiceParts {
  readonly db: Database;
  readonly grants: Grants;
  readonly applications: OAuthApplications;
  readonly client: MakeClient;
  readonly owner: LeaseOwner;
  readonly clock: Clock;
}

/** While another process asks the provider. */
const LOOK_AGAIN_MS = 50;
const LONGEST_WAIT_MS = 45_000;
/** A rotated token that cannot be saved would be lost for good. */
const SAVE_ATTEMPTS = 6;

/**
 * The one way to an access token, for everybody. One request a grant at a time: within the process by sharing the flight,
 * across processes by a lease in the row; whoever waits reads what the other one got.
 */
export class TokenService {
  readonly #flights = new Map<string, Promise<Result<AccessToken>>>();

  constructor(private readonly parts: TokenServiceParts) {}

  async accessToken(ref: GrantRef, options: AccessTokenOptions = {}): Promise<Result<AccessToken>> {
    const row = await this.parts.grants.find(this.parts.db, ref);
    if (row === undefined) return refused('not-configured');
    const settled = this.#without(row, options);
    return settled ?? this.#fly(ref, { ...options, refusedRevision: options.refusedRevision ?? row.revision });
  }

  /** For the scheduled refresher: due although the access token may be fresh. */
  refresh(row: GrantRow): Promise<Result<AccessToken>> {
    return this.#fly(refOf(row), { force: true, refusedRevision: row.revision });
  }

  /**
   * The mail server refused a token that was made for it a moment ago: the grant tells so, and forced refreshes rest until
   * the next scheduled one. The next refresh, or a consent, takes it back.
   */
  async refusedByServer(ref: GrantRef, refusedRevision: number, reply: string): Promise<void> {
    const { db, grants, clock } = this.parts;
    const row = await grants.find(db, ref);
    if (row?.revision !== refusedRevision || isRefusedByServer(row)) return;
    await grants.failed(row, oauthFailure('mail-server-refuses', `It says: ${reply}`), clock.now());
  }

  /** The mail server takes tokens again. */
  async acceptedByServer(ref: GrantRef): Promise<void> {
    const { db, grants, clock } = this.parts;
    const row = await grants.find(db, ref);
    if (row === undefined || !isRefusedByServer(row)) return;
    const application = { tenantId: row.application_tenant_id, id: row.application_id };
    const secretEnd = await this.#secretEnd(application);
    const now = clock.now();
    const end = firstEnd(row.refresh_expires_at?.getTime() ?? null, secretEnd);
    await grants.healed(row, stateBy(end, now), nextRefresh(now, end));
  }

  /** What can be answered without asking anybody. */
  #without(row: GrantRow, options: AccessTokenOptions): Result<AccessToken> | undefined {
    const now = this.parts.clock.now();
    const wanted = options.force !== true || (options.refusedRevision ?? row.revision) < row.revision;
    if (wanted && isFresh(row, now)) return this.#open(row);
    if (row.state === 'needs-consent' || row.state === 'none' || row.state === 'waiting-for-consent') {
      if (!isAppOnly(row.flow)) return { ok: false, failure: row.last_error ?? oauthFailure('consent-missing') };
    }
    const backsOff = row.failures > 0 && row.last_error !== null && now < (row.next_refresh_at?.getTime() ?? 0);
    if (!backsOff || (options.force === true && !isRefusedByServer(row))) return undefined;
    return isAlive(row, now) ? this.#open(row) : { ok: false, failure: row.last_error };
  }

  #fly(ref: GrantRef, options: AccessTokenOptions): Promise<Result<AccessToken>> {
    const key = `${ref.tenantId} ${ref.serverId}`;
    const underWay = this.#flights.get(key);
    if (underWay !== undefined) return underWay;
    const flight = this.#leased(ref, options).finally(() => this.#flights.delete(key));
    this.#flights.set(key, flight);
    return flight;
  }

  async #leased(ref: GrantRef, options: AccessTokenOptions): Promise<Result<AccessToken>> {
    const { grants, owner } = this.parts;
    const patience = AbortSignal.timeout(LONGEST_WAIT_MS);
    while (!patience.aborted) {
      const row = await grants.lease(ref, owner.id);
      if (row !== undefined) return this.#underLease(row, options);
      await pause(LOOK_AGAIN_MS);
      const seen = await grants.find(this.parts.db, ref);
      if (seen === undefined) return refused('not-configured');
      if (seen.lease_owner === null) {
        const settled = this.#without(seen, options);
        if (settled !== undefined) return settled;
      }
    }
    return refused('provider-slow');
  }

  async #underLease(row: GrantRow, options: AccessTokenOptions): Promise<Result<AccessToken>> {
    const { grants, owner } = this.parts;
    try {
      return this.#without(row, options) ?? (await this.#ask(row));
    } finally {
      await grants.release(refOf(row), owner.id).catch(() => undefined); // an instance that dies gives it back, too
    }
  }

  async #ask(row: GrantRow): Promise<Result<AccessToken>> {
    const { db, applications, clock } = this.parts;
    const opened = await applications.open(db, row);
    const answer = opened.ok ? await this.#request(opened.value, row) : opened;
    if (opened.ok && answer.ok) return this.#keep(row, opened.value, answer.value);
    const failure = answer.ok ? oauthFailure('answer-invalid') : answer.failure;
    const newer = await this.parts.grants.find(db, refOf(row));
    if (newer !== undefined && newer.revision !== row.revision && isFresh(newer, clock.now())) return this.#open(newer);
    const testing = failure.code === 'consent-ended' && opened.ok && opened.value.template.library === 'google';
    const named = testing && endedLikeTesting(row, clock.now()) ? oauthFailure('testing-token-ended') : failure;
    await this.parts.grants.failed(row, named, clock.now());
    return healedBy(named) === 'time' && isAlive(row, clock.now()) ? this.#open(row) : { ok: false, failure: named };
  }

  async #request(application: ApplicationInUse, row: GrantRow): Promise<Result<TokenAnswer>> {
    const client = this.parts.client(application);
    if (isAppOnly(row.flow)) return client.appOnly(row.scopes, row.mailbox);
    const token = this.#reveal(row, 'refresh_token');
    return token.ok ? client.refresh(token.value, row.scopes) : token;
  }

  /** The old refresh token stays unless a new one came. */
  async #keep(row: GrantRow, application: ApplicationInUse, answer: TokenAnswer): Promise<Result<AccessToken>> {
    const { db, grants, clock } = this.parts;
    const now = clock.now();
    const secretEnd = await this.#secretEnd(application.ref);
    const tokens = tokensOf(row, application, answer, now, secretEnd);
    const saved = await persistently(() => grants.refreshed(refOf(row), row.revision, tokens, now));
    if (saved)
      return {
        ok: true,
        value: {
          token: answer.access_token,
          expiresAt: tokens.accessExpiresAt,
          grantRevision: row.revision + 1,
          refusedByServer: false,
        },
      };
    const newer = await grants.find(db, refOf(row));
    return newer !== undefined && isFresh(newer, now) ? this.#open(newer) : refused('consent-missing');
  }

  async #secretEnd(ref: ApplicationRef): Promise<number | null> {
    const row = await this.parts.applications.find(this.parts.db, ref.tenantId, ref.id);
    return row?.secret_expires_at?.getTime() ?? null;
  }

  #open(row: GrantRow): Result<AccessToken> {
    const token = this.#reveal(row, 'access_token');
    if (!token.ok) return token;
    return {
      ok: true,
      value: {
        token: token.value,
        expiresAt: row.access_expires_at?.getTime() ?? 0,
        grantRevision: row.revision,
        refusedByServer: isRefusedByServer(row),
      },
    };
  }

  #reveal(row: GrantRow, field: 'access_token' | 'refresh_token'): Result<string> {
    try {
      const value = this.parts.grants.tokens.open(row, field);
      return value === undefined ? refused('consent-missing') : { ok: true, value };
    } catch (error) {
      if (error instanceof SecretError) return refused('secret-unreadable');
      throw error;
    }
  }
}

const isRefusedByServer = ({ last_error: error }: GrantRow): boolean => error?.code === 'mail-server-refuses';

/** What an answer of the provider makes of a grant. */
export function tokensOf(
  row: GrantRow,
  { template }: ApplicationInUse,
  answer: TokenAnswer,
  now: number,
  secretEnd: number | null,
): NewTokens {
  const before = { at: row.refresh_expires_at?.getTime() ?? null, note: row.expiry_note };
  const refresh = isAppOnly(row.flow) ? { at: null, note: null } : refreshEnd(template, answer, now, before);
  const end = firstEnd(refresh.at, secretEnd);
  return {
    accessToken: answer.access_token,
    accessExpiresAt: accessEnd(answer, now),
    refreshToken: isAppOnly(row.flow) ? undefined : answer.refresh_token,
    refreshExpiresAt: refresh.at,
    expiryNote: refresh.note,
    state: stateBy(end, now),
    nextRefreshAt: nextRefresh(now, refresh.at),
  };
}

async function persistently<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === SAVE_ATTEMPTS || !isTransient(error)) throw error;
      await pause(attempt * attempt * 100);
    }
  }
}
