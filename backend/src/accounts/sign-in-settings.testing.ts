import { randomBytes } from 'node:crypto';

import type { Database } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { EgressGuard, GuardedFetch } from '../net/index.js';
import { SecretBox } from '../secrets/index.js';
import { NoticeRecipients, Users } from '../users/index.js';
import { IdentityProviders } from './oidc/index.js';
import { OidcClients } from './oidc/oidc-clients.js';
import { Notices } from './own/notices.js';
import { SignInPolicies } from './two-factor/index.js';
import { UserTrail } from './user-trail.js';

const SECRETS = new SecretBox([{ kid: 'k1', key: randomBytes(32) }]);

/** What administrators decide about signing in, for specs of other rooms: sealed with a key of this run, nobody to dial. */
export function signInSettingsForTests(db: Database) {
  const clients = new OidcClients(new GuardedFetch(new EgressGuard([])));
  return {
    policies: new SignInPolicies(db),
    notices: new Notices(db, new NoticeRecipients(db), new Users(db), new UserTrail(new EventBus())),
    identityProviders: new IdentityProviders(db, SECRETS, clients, { publicUrl: 'http://signalpost.test' }),
  };
}
