import type { MakeClient, OAuthClient } from './oauth-client.js';

/** Clients whose library is loaded when one is used first: a process starts sooner, and most never need them all. */
export function lazily(load: () => Promise<MakeClient>): MakeClient {
  return (application) => {
    const client = async (): Promise<OAuthClient> => (await load())(application);
    return {
      authorizationUrl: async (request) => (await client()).authorizationUrl(request),
      redeem: async (exchange) => (await client()).redeem(exchange),
      refresh: async (refreshToken, scopes) => (await client()).refresh(refreshToken, scopes),
      appOnly: async (scopes, mailbox) => (await client()).appOnly(scopes, mailbox),
      startDevice: async (scopes) => (await client()).startDevice(scopes),
      pollDevice: async (deviceCode, scopes) => (await client()).pollDevice(deviceCode, scopes),
    };
  };
}
