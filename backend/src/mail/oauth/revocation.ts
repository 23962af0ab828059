import type { Database } from '../../db/index.js';
import type { GuardedFetch } from '../../net/index.js';
import { reachOf, type ApplicationInUse } from './application-in-use.js';
import type { OAuthApplications } from './applications.js';
import type { GrantRow, GrantTokens } from './grant-row.js';

/** Ends tokens at the provider (RFC 7009) where it can; the grant has ended on our side already, so failing is no failure. */
export class Revocation {
  constructor(
    private readonly http: GuardedFetch,
    private readonly warn: (told: object, message: string) => void,
  ) {}

  async revoke(application: ApplicationInUse, token: string): Promise<void> {
    const { endpoints, settings, ref } = application;
    if (endpoints.revocationUrl === undefined) return;
    const form = new URLSearchParams({ token });
    if (settings.clientId !== undefined) form.set('client_id', settings.clientId);
    if (settings.clientSecret !== undefined) form.set('client_secret', settings.clientSecret);
    try {
      const request = new Request(endpoints.revocationUrl, { method: 'POST', body: form });
      const answer = await this.http.fetch(request, reachOf(application));
      if (!answer.ok)
        this.warn({ applicationId: ref.id, status: answer.status }, 'an ended OAuth grant was not revoked');
    } catch {
      this.warn({ applicationId: ref.id }, 'an ended OAuth grant was not revoked: the provider cannot be reached');
    }
  }

  /** With the application as it is now; one that is gone cannot ask any more. */
  async revokeGrant(db: Database, applications: OAuthApplications, tokens: GrantTokens, row: GrantRow): Promise<void> {
    const application = await applications.open(db, row);
    const token = application.ok ? tokens.open(row, 'refresh_token') : undefined;
    if (application.ok && token !== undefined) await this.revoke(application.value, token);
  }
}
