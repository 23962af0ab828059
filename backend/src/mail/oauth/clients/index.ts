import type { MailProviderOAuth } from '@signalpost/contracts';

import type { GuardedFetch } from '../../../net/index.js';
import { lazily } from './lazy-client.js';
import type { MakeClient } from './oauth-client.js';

/** The library that the provider's template names. */
export function oauthClients(http: GuardedFetch): MakeClient {
  const makers: Readonly<Record<MailProviderOAuth['library'], MakeClient>> = {
    msal: lazily(async () => (await import('./msal-client.js')).msalClients(http)),
    google: lazily(async () => (await import('./google-client.js')).googleClients(http)),
    openid: lazily(async () => (await import('./openid-client.js')).openidClients(http)),
  };
  return (application) => makers[application.template.library](application);
}
