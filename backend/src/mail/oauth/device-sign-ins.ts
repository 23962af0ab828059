import type { DeviceSignIn } from '@signalpost/contracts';
import { z } from 'zod';

import { SYSTEM_ACTOR, type Actor } from '../../access/index.js';
import { SecretError } from '../../secrets/index.js';
import type { AuthorizeParts } from './authorize.js';
import { begunBy, grantOf, type AuthorizationRow } from './authorizations.js';
import { noteGrant } from './grant-audit.js';
import type { GrantRef } from './grant-row.js';
import { oauthFailure, refused, type OAuthFailure, type Result } from './oauth-failures.js';

/** The row holds more: who began it. */
const detailsSchema = z.looseObject({
  userCode: z.string(),
  verificationUri: z.string(),
  intervalSeconds: z.number(),
});
type Details = z.infer<typeof detailsSchema>;

/** RFC 8628 §3.5: what `slow_down` adds, for good. */
const SLOW_DOWN_SECONDS = 5;
/** Whoever polls has it to himself for so long; longer than any conversation with a provider. */
const CLAIM_MS = 60_000;
const AT_ONCE = 20;

/**
 * The device code flow (RFC 8628). A row is its only state: any instance asks the provider when it is time, so that it
 * goes on after a restart, and never two at once.
 */
export class DeviceSignIns {
  constructor(private readonly parts: AuthorizeParts) {}

  async start(ref: GrantRef, by: Actor): Promise<Result<DeviceSignIn>> {
    const { db, grants, applications, authorizations, client, clock } = this.parts;
    const row = await grants.find(db, ref);
    if (row === undefined) return refused('not-configured');
    if (row.flow !== 'deviceCode') return refused('flow-unsupported');
    const application = await applications.open(db, row);
    if (!application.ok) return application;
    const started = await client(application.value).startDevice(row.scopes);
    if (!started.ok) return started;
    const { deviceCode, userCode, verificationUri, intervalSeconds, expiresInSeconds } = started.value;
    const now = clock.now();
    const times = { now, expiresAt: now + expiresInSeconds * 1000, nextPollAt: now + intervalSeconds * 1000 };
    const details: Details = { userCode, verificationUri, intervalSeconds };
    await db.transaction(async (uow) => {
      const begun = {
        ref,
        purpose: 'device' as const,
        key: deviceCode,
        grantRevision: row.revision,
        secret: deviceCode,
        by,
      };
      await authorizations.start(uow, { ...begun, details, ...times });
      await noteGrant(uow, row, 'consent-started', by);
      await grants.waiting(uow, ref);
    });
    return { ok: true, value: { userCode, verificationUri, expiresAt: times.expiresAt } };
  }

  async underWay(ref: GrantRef): Promise<DeviceSignIn | null> {
    const row = await this.parts.authorizations.device(this.parts.db, ref, this.parts.clock.now());
    const details = detailsSchema.safeParse(row?.details);
    if (row === undefined || !details.success) return null;
    const { userCode, verificationUri } = details.data;
    return { userCode, verificationUri, expiresAt: row.expires_at.getTime() };
  }

  /** Asks for all whose time has come, and ends what nobody finished. Safe on many instances. */
  async run(): Promise<void> {
    const { db, authorizations, clock, grants } = this.parts;
    const now = clock.now();
    const due = await authorizations.claimDevices(db, now, now + CLAIM_MS, AT_ONCE);
    await Promise.all(due.map((row) => this.#poll(row)));
    for (const ref of await authorizations.sweep(db, now))
      await grants.consentFailed(ref, oauthFailure('state-expired'), now, SYSTEM_ACTOR);
  }

  async #poll(begun: AuthorizationRow): Promise<void> {
    const { db, authorizations, clock } = this.parts;
    const details = detailsSchema.parse(begun.details);
    if (clock.now() >= begun.expires_at.getTime()) return this.#end(begun, oauthFailure('device-expired'));
    const failure = await this.#ask(begun);
    if (failure === undefined) return authorizations.drop(db, begun);
    if (!failure.retryable) return this.#end(begun, failure);
    const slower = failure.code === 'slow-down' ? SLOW_DOWN_SECONDS : 0;
    const intervalSeconds = details.intervalSeconds + slower;
    await authorizations.pollAgain(db, begun, clock.now() + intervalSeconds * 1000, { ...details, intervalSeconds });
  }

  /** @returns undefined when the consent is kept */
  async #ask(begun: AuthorizationRow): Promise<OAuthFailure | undefined> {
    const { db, grants, applications, authorizations, client, consents } = this.parts;
    const row = await grants.find(db, grantOf(begun));
    if (row === undefined) return oauthFailure('not-configured');
    const application = await applications.open(db, row);
    if (!application.ok) return application.failure;
    try {
      const answer = await client(application.value).pollDevice(authorizations.secretOf(begun), row.scopes);
      if (!answer.ok) return answer.failure;
      const kept = await consents.accept(row, application.value, answer.value, null, begunBy(begun));
      return kept.ok ? undefined : kept.failure;
    } catch (error) {
      if (error instanceof SecretError) return oauthFailure('secret-unreadable');
      throw error;
    }
  }

  async #end(begun: AuthorizationRow, failure: OAuthFailure): Promise<void> {
    await this.parts.authorizations.drop(this.parts.db, begun);
    await this.parts.grants.consentFailed(grantOf(begun), failure, this.parts.clock.now(), begunBy(begun));
  }
}
