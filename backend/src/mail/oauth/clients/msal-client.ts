import { X509Certificate } from 'node:crypto';

import {
  ConfidentialClientApplication,
  PublicClientApplication,
  type Configuration,
  type INetworkModule,
  type NetworkRequestOptions,
  type NetworkResponse,
} from '@azure/msal-node';
import { z } from 'zod';

import type { GuardedFetch } from '../../../net/index.js';
import { reachOf, type ApplicationInUse } from '../application-in-use.js';
import { Exchange, type ExchangeOptions } from '../exchange.js';
import { refused, type Result } from '../oauth-failures.js';
import type { DeviceStart, MakeClient, OAuthClient } from './oauth-client.js';

/** RFC 8628 §3.2: what is absent is 5 seconds. */
const DEFAULT_INTERVAL = 5;

/** Microsoft's library. It keeps refresh tokens to itself, so they are read from the exchange. */
export const msalClients =
  (http: GuardedFetch): MakeClient =>
  (application) =>
    new MsalClient(http, application);

class MsalClient implements OAuthClient {
  constructor(
    private readonly http: GuardedFetch,
    private readonly application: ApplicationInUse,
  ) {}

  authorizationUrl: OAuthClient['authorizationUrl'] = (request) => {
    const exchange = this.#exchange();
    const { redirectUri, state, nonce, challenge, loginHint, scopes } = request;
    const parameters = { redirectUri, state, nonce, codeChallenge: challenge, codeChallengeMethod: 'S256', loginHint };
    return exchange.answer(() => this.#person(exchange).getAuthCodeUrl({ ...parameters, scopes: [...scopes] }));
  };

  redeem: OAuthClient['redeem'] = ({ code, redirectUri, verifier, state, nonce, scopes }) => {
    const exchange = this.#exchange();
    const request = { code, redirectUri, codeVerifier: verifier, state, nonce, scopes: [...scopes] };
    return exchange.tokens(() => this.#person(exchange).acquireTokenByCode(request, { code, state }));
  };

  refresh: OAuthClient['refresh'] = (refreshToken, scopes) => {
    const exchange = this.#exchange();
    return exchange.tokens(() =>
      this.#person(exchange).acquireTokenByRefreshToken({ refreshToken, scopes: [...scopes] }),
    );
  };

  appOnly: OAuthClient['appOnly'] = async (scopes) => {
    if (!this.#hasCredential)
      return refused('application-incomplete', 'There is neither a client secret nor a certificate.');
    const exchange = this.#exchange();
    const client = new ConfidentialClientApplication(this.#configuration(exchange, true));
    return exchange.tokens(() => client.acquireTokenByClientCredential({ scopes: [...scopes], skipCache: true }));
  };

  startDevice: OAuthClient['startDevice'] = async (scopes) => {
    const answers: unknown[] = [];
    const request = { scopes: [...scopes], deviceCodeCallback: () => undefined, cancel: true };
    const exchange = this.#exchange();
    const client = new PublicClientApplication(this.#configuration(exchange, false, (body) => void answers.push(body)));
    const answer = await exchange.tokens(() => client.acquireTokenByDeviceCode(request));
    const started = readDevice(answers[0]);
    return started.ok || answer.ok ? started : answer;
  };

  /** MSAL polls until it has an answer; here the row is the state: it is told the first answer again and stopped after one poll. */
  pollDevice: OAuthClient['pollDevice'] = (deviceCode, scopes) => {
    const request = { scopes: [...scopes], deviceCodeCallback: () => undefined, cancel: false };
    const told = { device_code: deviceCode, user_code: '-', verification_uri: '-', expires_in: 60, interval: 0 };
    const exchange = this.#exchange({
      replay: (url) => (url.pathname.endsWith('/devicecode') ? told : undefined),
      afterPost: () => (request.cancel = true),
    });
    const client = new PublicClientApplication(this.#configuration(exchange, false));
    return exchange.tokens(() => client.acquireTokenByDeviceCode(request));
  };

  get #hasCredential(): boolean {
    return this.application.settings.clientSecret !== undefined || this.application.settings.certificate !== undefined;
  }

  /** What was consented through a public client is refreshed as one: Microsoft refuses a secret there. */
  #person(exchange: Exchange): ConfidentialClientApplication | PublicClientApplication {
    return this.#hasCredential && this.application.flow !== 'deviceCode'
      ? new ConfidentialClientApplication(this.#configuration(exchange, true))
      : new PublicClientApplication(this.#configuration(exchange, false));
  }

  #exchange(options: ExchangeOptions = {}): Exchange {
    return new Exchange(this.http, { ...options, ...reachOf(this.application) });
  }

  #configuration(exchange: Exchange, confidential: boolean, onPost?: (body: unknown) => void): Configuration {
    const { settings, endpoints } = this.application;
    const authority = endpoints.authority ?? '';
    const secret = settings.clientSecret === undefined ? {} : { clientSecret: settings.clientSecret };
    const certificate = settings.certificate;
    const credential =
      certificate === undefined
        ? secret
        : {
            clientCertificate: {
              thumbprintSha256: thumbprintOf(certificate.certificate),
              privateKey: certificate.privateKey,
            },
          };
    return {
      auth: {
        clientId: settings.clientId ?? '',
        authority,
        knownAuthorities: [new URL(authority).host],
        ...(confidential ? credential : {}),
      },
      system: { networkClient: network(exchange, onPost), disableInternalRetries: true },
    };
  }
}

const deviceSchema = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  expires_in: z.coerce.number(),
  interval: z.coerce.number().default(DEFAULT_INTERVAL),
});

function readDevice(body: unknown): Result<DeviceStart> {
  const parsed = deviceSchema.safeParse(body);
  if (!parsed.success) return refused('answer-invalid');
  const {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: verificationUri,
    expires_in,
    interval,
  } = parsed.data;
  return {
    ok: true,
    value: { deviceCode, userCode, verificationUri, expiresInSeconds: expires_in, intervalSeconds: interval },
  };
}

/** Hex of SHA-256 over the certificate, as MSAL wants it. */
const thumbprintOf = (pem: string): string => new X509Certificate(pem).fingerprint256.replaceAll(':', '');

function network(exchange: Exchange, onPost?: (body: unknown) => void): INetworkModule {
  const send = async (method: string, url: string, options: NetworkRequestOptions = {}) => {
    const { headers = {}, body } = options;
    const answer = await exchange.send(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }));
    const parsed: unknown = await answer.json();
    if (method === 'POST') onPost?.(parsed);
    return { headers: Object.fromEntries(answer.headers), body: parsed, status: answer.status };
  };
  return {
    sendGetRequestAsync: async <T>(url: string, options?: NetworkRequestOptions) =>
      (await send('GET', url, options)) as NetworkResponse<T>, // MSAL names the type and checks what it reads
    sendPostRequestAsync: async <T>(url: string, options?: NetworkRequestOptions) =>
      (await send('POST', url, options)) as NetworkResponse<T>, // as above
  };
}
