import { createHash } from 'node:crypto';

import { Inject } from '@nestjs/common';

import { hashToken, newToken } from '../../access/index.js';
import { CLOCK, Database, type Clock } from '../../db/index.js';
import { SecretBox, type SecretPlace } from '../../secrets/index.js';

export const OIDC_MINUTES = 10;

/** A sign-in on its way to the provider and back. */
export interface OidcSignIn {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
  readonly returnUrl: string;
}

/** Writes the table `oidc_sign_in`. It is bound to the browser that began: nobody is signed in by another one's link. */
export class OidcSignIns {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @param browser token of the cookie */
  async begin(tenantId: string, browser: string, returnUrl: string): Promise<OidcSignIn> {
    const [state, nonce] = [newToken(), newToken()];
    const verifier = newToken();
    await this.database.query('DELETE FROM oidc_sign_in WHERE expires_at < $1', [new Date(this.clock.now())]);
    await this.database.query(INSERT, [
      hashToken(state),
      tenantId,
      hashToken(browser),
      nonce,
      this.box.seal(verifier, placeOf(tenantId, state)),
      returnUrl,
      new Date(this.clock.now() + OIDC_MINUTES * 60_000),
    ]);
    return { state, nonce, verifier, returnUrl };
  }

  /** Uses it up. @returns undefined for one of another browser or tenant, a used or an old one */
  async take(tenantId: string, browser: string, state: string): Promise<OidcSignIn | undefined> {
    const [row] = await this.database.query<{ nonce: string; verifier: string; return_url: string }>(TAKE, [
      hashToken(state),
      tenantId,
      hashToken(browser),
      new Date(this.clock.now()),
    ]);
    if (row === undefined) return undefined;
    const verifier = this.box.open(row.verifier, placeOf(tenantId, state));
    return { state, nonce: row.nonce, verifier, returnUrl: row.return_url };
  }
}

const placeOf = (tenantId: string, state: string): SecretPlace => ({
  tenantId,
  entity: `oidc_sign_in/${createHash('sha256').update(state).digest('hex')}`,
  field: 'verifier',
});

const INSERT = `
  INSERT INTO oidc_sign_in (state_hash, tenant_id, browser_hash, nonce, verifier, return_url, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const TAKE = `
  DELETE FROM oidc_sign_in WHERE state_hash = $1 AND tenant_id = $2 AND browser_hash = $3 AND expires_at > $4
  RETURNING nonce, verifier, return_url`;
