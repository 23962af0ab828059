import type { Clock, Database } from '../../db/index.js';
import type { GuardedFetch } from '../../net/index.js';
import type { SecretBox } from '../../secrets/index.js';
import type { OAuthTemplates, TokenWay } from './application-in-use.js';
import { OAuthApplications } from './applications.js';
import { Authorizations } from './authorizations.js';
import { Authorize } from './authorize.js';
import { oauthClients } from './clients/index.js';
import { Consents, type MailboxProof } from './consents.js';
import { DeviceSignIns } from './device-sign-ins.js';
import { GrantTokens, type GrantRef } from './grant-row.js';
import { Grants } from './grants.js';
import { Revocation } from './revocation.js';
import { TokenService, type LeaseOwner } from './token-service.js';

export interface OAuthSurroundings {
  readonly db: Database;
  readonly secrets: SecretBox;
  readonly http: GuardedFetch;
  readonly templates: OAuthTemplates;
  /** Absent: every provider is reached directly. */
  readonly way?: TokenWay;
  readonly prove?: MailboxProof;
  readonly owner: LeaseOwner;
  readonly clock: Clock;
  readonly publicUrl: string;
  readonly changed: (ref: GrantRef) => void;
  readonly warn: (told: object, message: string) => void;
}

export interface OAuthParts {
  readonly grants: Grants;
  readonly applications: OAuthApplications;
  readonly tokens: TokenService;
  readonly authorize: Authorize;
  readonly devices: DeviceSignIns;
}

/** The whole OAuth room, put together. */
export function createOAuth(around: OAuthSurroundings): OAuthParts {
  const { db, secrets, http, templates, owner, clock, publicUrl, changed, warn } = around;
  const sealed = new GrantTokens(secrets);
  const revocation = new Revocation(http, warn);
  const grants: Grants = new Grants(db, sealed, {
    changed,
    ended: (row) => {
      revocation
        .revokeGrant(db, applications, sealed, row)
        .catch((err: unknown) => warn({ err }, 'an ended OAuth grant was not revoked'));
    },
  });
  const applications = new OAuthApplications(secrets, templates, grants, around.way);
  const client = oauthClients(http);
  const consents = new Consents({ db, grants, applications, http, revocation, clock, prove: around.prove });
  const authorizations = new Authorizations(secrets);
  const parts = { db, grants, applications, authorizations, consents, client, clock, publicUrl };
  return {
    grants,
    applications,
    tokens: new TokenService({ db, grants, applications, client, owner, clock }),
    authorize: new Authorize(parts),
    devices: new DeviceSignIns(parts),
  };
}
