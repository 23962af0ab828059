import type { MailProviderOAuth } from '@signalpost/contracts';

import type { GuardedFetch } from '../../../net/index.js';
import { googleClients } from './google-client.js';
import { msalClients } from './msal-client.js';
import type { MakeClient } from './oauth-client.js';
import { openidClients } from './openid-client.js';

/** The library that the provider's template names. */
export function oauthClients(http: GuardedFetch): MakeClient {
  const makers: Readonly<Record<MailProviderOAuth['library'], MakeClient>> = {
    msal: msalClients(http),
    google: googleClients(http),
    openid: openidClients(http),
  };
  return (application) => makers[application.template.library](application);
}
