import type { OAuthFlow, OAuthGrantState } from '@signalpost/contracts';

import type { SecretBox } from '../../secrets/index.js';
import type { OAuthFailure } from './oauth-failures.js';

/** A mail server by its key; the nil tenant is the system. */
export interface GrantRef {
  readonly tenantId: string;
  readonly serverId: string;
}

export interface StoredError extends OAuthFailure {
  readonly at: number;
}

/** `oauth_grant` as SQL gives it; tokens are sealed. */
export interface GrantRow {
  readonly tenant_id: string;
  readonly mail_server_id: string;
  readonly application_tenant_id: string;
  readonly application_id: string;
  readonly flow: OAuthFlow;
  readonly mailbox: string;
  readonly shared_mailbox: string | null;
  readonly scopes: string[];
  readonly state: OAuthGrantState;
  readonly account: string | null;
  readonly access_token: string | null;
  readonly access_expires_at: Date | null;
  readonly refresh_token: string | null;
  readonly refresh_expires_at: Date | null;
  readonly expiry_note: string | null;
  readonly obtained_at: Date | null;
  readonly last_refresh_at: Date | null;
  readonly next_refresh_at: Date | null;
  readonly last_error: StoredError | null;
  readonly failures: number;
  readonly warned_days: number | null;
  readonly lease_owner: number | null;
  readonly revision: number;
}

export type TokenField = 'access_token' | 'refresh_token';

/** Seals the tokens of a grant, bound to it. */
export class GrantTokens {
  constructor(private readonly secrets: SecretBox) {}

  seal(ref: GrantRef, field: TokenField, token: string): string {
    return this.secrets.seal(token, this.#place(ref, field));
  }

  /** @throws SecretError */
  open(row: GrantRow, field: TokenField): string | undefined {
    const sealed = row[field];
    return sealed === null ? undefined : this.secrets.open(sealed, this.#place(refOf(row), field));
  }

  #place({ tenantId, serverId }: GrantRef, field: string) {
    return { tenantId, entity: `oauth_grant/${serverId}`, field };
  }
}

export const refOf = (row: Pick<GrantRow, 'tenant_id' | 'mail_server_id'>): GrantRef => ({
  tenantId: row.tenant_id,
  serverId: row.mail_server_id,
});
