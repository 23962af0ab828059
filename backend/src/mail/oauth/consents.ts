import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import type { Actor } from '../../access/index.js';
import type { Clock, Database } from '../../db/index.js';
import type { GuardedFetch } from '../../net/index.js';
import { reachOf, type ApplicationInUse } from './application-in-use.js';
import type { OAuthApplications } from './applications.js';
import type { TokenAnswer } from './exchange.js';
import type { GrantRef, GrantRow } from './grant-row.js';
import { wantedOf, type Grants } from './grants.js';
import { refused, type Result } from './oauth-failures.js';
import type { Revocation } from './revocation.js';
import { tokensOf } from './token-service.js';

/** Whether a token opens the mailbox of a mail server; `wrong-account` where the server itself does not take it. */
export type MailboxProof = (ref: GrantRef, accessToken: string) => Promise<Result<null>>;

export interface ConsentParts {
  readonly db: Database;
  readonly grants: Grants;
  readonly applications: OAuthApplications;
  readonly http: GuardedFetch;
  readonly revocation: Revocation;
  readonly clock: Clock;
  /** Asked where the provider tells nobody's name. Absent: the first mail will show. */
  readonly prove?: MailboxProof | undefined;
}

/** Who consented, as OpenID Connect (Core §5.1) and Microsoft tell it. */
const identitySchema = z.object({
  preferred_username: z.string().optional(),
  upn: z.string().optional(),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  nonce: z.string().optional(),
});
type Identity = z.infer<typeof identitySchema>;

/** A refresh may save in between; then it is looked at again. */
const SAVE_ATTEMPTS = 5;

/** Looks at what a consent brought, and keeps it where it is what was asked for. */
export class Consents {
  constructor(private readonly parts: ConsentParts) {}

  /**
   * The account must be the configured mailbox, or the shared mailbox that it may send for; and the consent must last.
   * What is refused is revoked at once.
   * @returns the account; null when the provider does not tell who consented
   */
  async accept(
    row: GrantRow,
    application: ApplicationInUse,
    answer: TokenAnswer,
    nonce: string | null,
    by: Actor,
  ): Promise<Result<string | null>> {
    const checked = await this.#check(row, application, answer, nonce);
    const kept = checked.ok ? await this.#keep(row, application, answer, checked.value, by) : checked;
    if (!kept.ok) await this.parts.revocation.revoke(application, answer.refresh_token ?? answer.access_token);
    return kept;
  }

  async #check(
    row: GrantRow,
    application: ApplicationInUse,
    answer: TokenAnswer,
    nonce: string | null,
  ): Promise<Result<string | null>> {
    const identity = readIdToken(answer.id_token) ?? (await this.#userinfo(application, answer));
    if (nonce !== null && identity?.nonce !== undefined && identity.nonce !== nonce) return refused('nonce-wrong');
    const accounts = accountsOf(identity);
    const wanted = [row.mailbox, row.shared_mailbox].flatMap((address) => address?.toLowerCase() ?? []);
    const account = accounts.find((name) => wanted.includes(name.toLowerCase()));
    if (accounts.length > 0 && account === undefined)
      return refused('wrong-account', `It was ${accounts[0] ?? ''}; this server sends as ${row.mailbox}.`);
    if (answer.refresh_token === undefined) return refused('no-refresh-token');
    if (account !== undefined) return { ok: true, value: account };
    const ref: GrantRef = { tenantId: row.tenant_id, serverId: row.mail_server_id };
    return (await this.parts.prove?.(ref, answer.access_token)) ?? { ok: true, value: null };
  }

  async #keep(
    asked: GrantRow,
    application: ApplicationInUse,
    answer: TokenAnswer,
    account: string | null,
    by: Actor,
  ): Promise<Result<string | null>> {
    const { db, grants, applications, clock } = this.parts;
    const ref: GrantRef = { tenantId: asked.tenant_id, serverId: asked.mail_server_id };
    const stored = await applications.find(db, application.ref.tenantId, application.ref.id);
    for (let attempt = 0; attempt < SAVE_ATTEMPTS; attempt += 1) {
      const row = await grants.find(db, ref);
      if (row === undefined || !isDeepStrictEqual(wantedOf(row), wantedOf(asked))) return refused('state-unknown');
      const now = clock.now();
      const fresh = { ...row, refresh_expires_at: null, expiry_note: null };
      const tokens = tokensOf(fresh, application, answer, now, stored?.secret_expires_at?.getTime() ?? null);
      if (await grants.consented(ref, row.revision, tokens, account, now, by)) return { ok: true, value: account };
    }
    return refused('state-unknown');
  }

  /** OpenID Connect Core §5.3, where the application names the endpoint. */
  async #userinfo(application: ApplicationInUse, { access_token: token }: TokenAnswer): Promise<Identity | undefined> {
    const { userinfoUrl } = application.endpoints;
    if (userinfoUrl === undefined) return undefined;
    try {
      const request = new Request(userinfoUrl, { headers: { Authorization: `Bearer ${token}` } });
      const answer = await this.parts.http.fetch(request, reachOf(application));
      return answer.ok ? identitySchema.safeParse(await answer.json()).data : undefined;
    } catch {
      return undefined;
    }
  }
}

/** It came straight from the token endpoint over TLS, which vouches for it (OpenID Connect Core §3.1.3.7, 6). */
function readIdToken(token: string | undefined): Identity | undefined {
  try {
    return identitySchema.safeParse(JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())).data;
  } catch {
    return undefined;
  }
}

function accountsOf(identity: Identity | undefined): string[] {
  if (identity === undefined) return [];
  const { preferred_username, upn, email, email_verified } = identity;
  return [preferred_username, upn, email_verified === false ? undefined : email].filter((name) => name !== undefined);
}
