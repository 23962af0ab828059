import { createHash } from 'node:crypto';

import type { CallbackQuery, StartConsent, StartedConsent } from '@signalpost/contracts';

import { hashToken, newToken, type Actor } from '../../access/index.js';
import type { Clock, Database } from '../../db/index.js';
import type { ApplicationInUse } from './application-in-use.js';
import type { OAuthApplications } from './applications.js';
import { begunBy, grantOf, type Authorizations, type AuthorizationRow } from './authorizations.js';
import { classifyAnswer } from './classify.js';
import type { MakeClient } from './clients/oauth-client.js';
import type { Consents } from './consents.js';
import { noteGrant } from './grant-audit.js';
import type { GrantRef, GrantRow } from './grant-row.js';
import type { Grants } from './grants.js';
import { refused, type OAuthFailure, type Result } from './oauth-failures.js';
import { callbackUrl, LOCALHOST_REDIRECT } from './redirects.js';

export interface AuthorizeParts {
  readonly db: Database;
  readonly grants: Grants;
  readonly applications: OAuthApplications;
  readonly authorizations: Authorizations;
  readonly consents: Consents;
  readonly client: MakeClient;
  readonly clock: Clock;
  readonly publicUrl: string;
}

/** Between being sent to the provider and coming back. */
const CONSENT_MS = 10 * 60_000;
const HAND_OVER_MS = 24 * 3600_000;

export interface Finished {
  readonly ref: GrantRef;
  readonly mailbox: string;
}

export interface FinishRefused {
  readonly ok: false;
  readonly failure: OAuthFailure;
  /** Where it is known which mail server it was about. */
  readonly ref?: GrantRef;
}

/** The authorization code flow (RFC 6749 §4.1) with PKCE S256 (RFC 7636), from the start to a grant that works. */
export class Authorize {
  constructor(private readonly parts: AuthorizeParts) {}

  /** @param boundTo hash of the session or the hand-over cookie: nobody else can finish it */
  async start(ref: GrantRef, { redirect }: StartConsent, boundTo: Buffer, by: Actor): Promise<Result<StartedConsent>> {
    const asked = await this.#asked(ref);
    if (!asked.ok) return asked;
    const { row, application } = asked.value;
    if (row.flow !== 'authorizationCode') return refused('flow-unsupported');
    const [state, nonce, verifier] = [newToken(), newToken(), newToken()];
    const redirectUri = redirect === 'localhost' ? LOCALHOST_REDIRECT : callbackUrl(this.parts.publicUrl);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const request = { redirectUri, state, nonce, challenge, loginHint: row.mailbox, scopes: row.scopes };
    const url = await this.parts.client(application).authorizationUrl(request);
    if (!url.ok) return url;
    const now = this.parts.clock.now();
    const expiresAt = now + CONSENT_MS;
    await this.parts.db.transaction(async (uow) => {
      const begun = { ref, purpose: 'consent' as const, key: state, grantRevision: row.revision, secret: verifier, by };
      await this.parts.authorizations.start(uow, { ...begun, nonce, redirectUri, boundTo, now, expiresAt });
      await noteGrant(uow, row, 'consent-started', by);
      await this.parts.grants.waiting(uow, ref);
    });
    return { ok: true, value: { url: url.value, redirectUri, expiresAt } };
  }

  /** What the provider sent the browser back with (RFC 6749 §4.1.2), or what a person pasted. */
  async finish(
    query: CallbackQuery,
    callback: URL,
    boundTo: readonly Buffer[],
    source: string,
  ): Promise<{ ok: true; value: Finished } | FinishRefused> {
    const { db, authorizations, clock } = this.parts;
    const begun = query.state === undefined ? undefined : await authorizations.find(db, query.state);
    if (begun?.purpose !== 'consent' || !boundTo.some((hash) => begun.bound_to?.equals(hash) === true))
      return refused('state-unknown');
    const ref = grantOf(begun);
    const by = begunBy(begun, source);
    if (clock.now() >= begun.expires_at.getTime()) return this.#failed(ref, refused('state-expired'), by);
    if (!(await authorizations.use(db, begun, clock.now()))) return refused('state-unknown');
    const done = await this.#redeem(ref, begun, query, callback, by);
    return done.ok ? done : this.#failed(ref, done, by);
  }

  /** A link for the colleague who may consent: once, within 24 hours. */
  async handOver(ref: GrantRef, by: Actor): Promise<Result<{ readonly token: string; readonly expiresAt: number }>> {
    const asked = await this.#asked(ref);
    if (!asked.ok) return asked;
    const token = newToken();
    const now = this.parts.clock.now();
    const expiresAt = now + HAND_OVER_MS;
    await this.parts.db.transaction(async (uow) => {
      const grantRevision = asked.value.row.revision;
      await this.parts.authorizations.start(uow, {
        ref,
        purpose: 'hand-over',
        key: token,
        grantRevision,
        now,
        expiresAt,
        by,
      });
      await noteGrant(uow, asked.value.row, 'handed-over', by);
      await this.parts.grants.waiting(uow, ref);
    });
    return { ok: true, value: { token, expiresAt } };
  }

  /** What the link is about; looking does not use it up (mail programs look at links). */
  async handedOver(token: string): Promise<{ readonly row: GrantRow; readonly begun: AuthorizationRow } | undefined> {
    const begun = await this.parts.authorizations.find(this.parts.db, token);
    const isOpen =
      begun?.purpose === 'hand-over' && begun.used_at === null && begun.expires_at.getTime() > this.parts.clock.now();
    const row = isOpen ? await this.parts.grants.find(this.parts.db, grantOf(begun)) : undefined;
    return row === undefined || begun === undefined ? undefined : { row, begun };
  }

  /** @returns where to go, and the cookie that binds the way back to this browser */
  async startHandedOver(token: string, by: Actor): Promise<Result<{ readonly url: string; readonly binding: string }>> {
    const opened = await this.handedOver(token);
    if (
      opened === undefined ||
      !(await this.parts.authorizations.use(this.parts.db, opened.begun, this.parts.clock.now()))
    )
      return refused('state-unknown');
    const binding = newToken();
    const started = await this.start(grantOf(opened.begun), { redirect: 'callback' }, hashToken(binding), by);
    return started.ok ? { ok: true, value: { url: started.value.url, binding } } : started;
  }

  /** The grant and its application, for whoever wants to ask a person. */
  async #asked(ref: GrantRef): Promise<Result<{ readonly row: GrantRow; readonly application: ApplicationInUse }>> {
    const { db, grants, applications } = this.parts;
    const row = await grants.find(db, ref);
    if (row === undefined) return refused('not-configured');
    const application = await applications.open(db, row);
    return application.ok ? { ok: true, value: { row, application: application.value } } : application;
  }

  async #redeem(
    ref: GrantRef,
    begun: AuthorizationRow,
    query: CallbackQuery,
    callback: URL,
    by: Actor,
  ): Promise<Result<Finished>> {
    const asked = await this.#asked(ref);
    if (!asked.ok) return asked;
    const { row, application } = asked.value;
    const { issuer } = application.endpoints;
    if (query.iss !== undefined && issuer !== undefined && query.iss !== issuer) return refused('issuer-wrong');
    if (query.error !== undefined) return { ok: false, failure: classifyAnswer(400, query) };
    if (query.code === undefined) return refused('answer-invalid');
    const answer = await this.parts.client(application).redeem({
      ...{ callback, code: query.code, state: query.state ?? '', nonce: begun.nonce ?? '' },
      redirectUri: begun.redirect_uri ?? '',
      verifier: this.parts.authorizations.secretOf(begun),
      scopes: row.scopes,
    });
    if (!answer.ok) return answer;
    const account = await this.parts.consents.accept(row, application, answer.value, begun.nonce, by);
    return account.ok ? { ok: true, value: { ref, mailbox: row.mailbox } } : account;
  }

  async #failed(ref: GrantRef, { failure }: { readonly failure: OAuthFailure }, by: Actor): Promise<FinishRefused> {
    await this.parts.grants.consentFailed(ref, failure, this.parts.clock.now(), by);
    return { ok: false, failure, ref };
  }
}
