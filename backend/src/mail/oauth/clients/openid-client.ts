import * as openid from 'openid-client';

import type { GuardedFetch } from '../../../net/index.js';
import { reachOf, type ApplicationInUse, type OAuthEndpoints } from '../application-in-use.js';
import { Exchange } from '../exchange.js';
import type { MakeClient, OAuthClient } from './oauth-client.js';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** Clocks of small servers go wrong. */
const CLOCK_TOLERANCE_SECONDS = 300;

export const openidClients =
  (http: GuardedFetch): MakeClient =>
  (application) =>
    new OpenIdClient(http, application);

/** Everybody else: an issuer that describes itself (RFC 8414, OpenID Discovery), or endpoints that a person typed. */
class OpenIdClient implements OAuthClient {
  readonly #exchange: Exchange;

  constructor(
    http: GuardedFetch,
    private readonly application: ApplicationInUse,
  ) {
    const { endpoints } = application;
    this.#exchange = new Exchange(http, {
      ...reachOf(application),
      hideIdToken: endpoints.issuer === undefined,
      rewrite: inClear(endpoints),
    });
  }

  authorizationUrl: OAuthClient['authorizationUrl'] = (request) =>
    this.#exchange.answer(async () => {
      const url = openid.buildAuthorizationUrl(await this.#configuration(), {
        ...this.application.template.authorizationParameters,
        redirect_uri: request.redirectUri,
        scope: request.scopes.join(' '),
        state: request.state,
        // of OpenID Connect alone: a plain OAuth server may refuse what it does not know
        ...(request.scopes.includes('openid') ? { nonce: request.nonce } : {}),
        code_challenge: request.challenge,
        code_challenge_method: 'S256',
        login_hint: request.loginHint,
      });
      return url.href;
    });

  redeem: OAuthClient['redeem'] = ({ callback, redirectUri, state, nonce, verifier, scopes }) =>
    this.#exchange.tokens(async () => {
      const current = new URL(redirectUri);
      current.search = callback.search;
      // RFC 9207 compares it with the issuer; where nobody named one, there is nothing to compare
      if (this.application.endpoints.issuer === undefined) current.searchParams.delete('iss');
      const knowsIdToken = scopes.includes('openid') && this.application.endpoints.issuer !== undefined;
      return openid.authorizationCodeGrant(await this.#configuration(), current, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        ...(knowsIdToken ? { expectedNonce: nonce } : {}),
      });
    });

  refresh: OAuthClient['refresh'] = (refreshToken) =>
    this.#exchange.tokens(async () => openid.refreshTokenGrant(await this.#configuration(), refreshToken));

  appOnly: OAuthClient['appOnly'] = (scopes) =>
    this.#exchange.tokens(async () =>
      openid.clientCredentialsGrant(
        await this.#configuration(),
        scopes.length === 0 ? {} : { scope: scopes.join(' ') },
      ),
    );

  startDevice: OAuthClient['startDevice'] = (scopes) =>
    this.#exchange.answer(async () => {
      const started = await openid.initiateDeviceAuthorization(await this.#configuration(), {
        scope: scopes.join(' '),
      });
      return {
        deviceCode: started.device_code,
        userCode: started.user_code,
        verificationUri: started.verification_uri,
        expiresInSeconds: started.expires_in,
        intervalSeconds: started.interval ?? 5, // RFC 8628 §3.2
      };
    });

  pollDevice: OAuthClient['pollDevice'] = (deviceCode) =>
    this.#exchange.tokens(async () =>
      openid.genericGrantRequest(await this.#configuration(), DEVICE_GRANT, { device_code: deviceCode }),
    );

  async #configuration(): Promise<openid.Configuration> {
    const { settings, endpoints } = this.application;
    const metadata = { [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    const secret = settings.clientSecret;
    const authentication = secret === undefined ? openid.None() : openid.ClientSecretPost(secret);
    const clientId = settings.clientId ?? '';
    const customFetch: openid.CustomFetch = (url, { method, headers, body }) =>
      this.#exchange.send(
        new Request(url, { method, headers, ...(body ? { body: body as string | URLSearchParams } : {}) }), // forms only
      );
    if (endpoints.tokenUrl === undefined && endpoints.issuer !== undefined)
      return openid.discovery(new URL(endpoints.issuer), clientId, metadata, authentication, {
        [openid.customFetch]: customFetch,
      });
    const server = serverMetadata(endpoints);
    const configuration = new openid.Configuration(server, clientId, metadata, authentication);
    configuration[openid.customFetch] = customFetch;
    return configuration;
  }
}

/**
 * The library speaks https alone. Whether an address may be asked in clear (the operator vouched for it) is up to the
 * guarded fetch; so the library is shown it with https, and the request goes where it should.
 */
const asHttps = (url: string): string => url.replace(/^http:/, 'https:');

function inClear(endpoints: OAuthEndpoints): (url: URL) => URL {
  const plain = [endpoints.tokenUrl, endpoints.deviceUrl].filter((url) => url?.startsWith('http:') === true);
  return (url) => new URL(plain.find((one) => one !== undefined && new URL(asHttps(one)).href === url.href) ?? url);
}

/** The library wants an issuer; where nobody named one, no id token is checked against it. */
function serverMetadata({ issuer, tokenUrl, authorizationUrl, deviceUrl }: OAuthEndpoints): openid.ServerMetadata {
  return {
    issuer: issuer ?? new URL(tokenUrl ?? authorizationUrl ?? 'https://issuer.invalid').origin,
    ...(tokenUrl === undefined ? {} : { token_endpoint: asHttps(tokenUrl) }),
    ...(authorizationUrl === undefined ? {} : { authorization_endpoint: authorizationUrl }),
    ...(deviceUrl === undefined ? {} : { device_authorization_endpoint: asHttps(deviceUrl) }),
  };
}
