import { CodeChallengeMethod, JWT, OAuth2Client } from 'google-auth-library';

import type { GuardedFetch } from '../../../net/index.js';
import { reachOf, type ApplicationInUse } from '../application-in-use.js';
import { Exchange, type ExchangeOptions } from '../exchange.js';
import { refused } from '../oauth-failures.js';
import type { MakeClient, OAuthClient } from './oauth-client.js';

export const googleClients =
  (http: GuardedFetch): MakeClient =>
  (application) =>
    new GoogleClient(http, application);

/** Google's library. It puts the old refresh token back after a refresh; what really came is read from the exchange. */
class GoogleClient implements OAuthClient {
  constructor(
    private readonly http: GuardedFetch,
    private readonly application: ApplicationInUse,
  ) {}

  /** `access_type=offline` asks for a refresh token, `prompt=consent` for one also at a second consent. */
  authorizationUrl: OAuthClient['authorizationUrl'] = (request) => {
    const { redirectUri, state, nonce, challenge, loginHint, scopes } = request;
    const url = this.#client(this.#exchange()).generateAuthUrl({
      ...{ access_type: 'offline', prompt: 'consent', scope: [...scopes], state, login_hint: loginHint },
      redirect_uri: redirectUri,
      code_challenge: challenge,
      code_challenge_method: CodeChallengeMethod.S256,
    });
    const full = new URL(url);
    full.searchParams.set('nonce', nonce);
    return Promise.resolve({ ok: true, value: full.href });
  };

  redeem: OAuthClient['redeem'] = ({ code, redirectUri, verifier }) => {
    const exchange = this.#exchange();
    const request = { code, codeVerifier: verifier, redirect_uri: redirectUri };
    return exchange.tokens(() => this.#client(exchange).getToken(request));
  };

  refresh: OAuthClient['refresh'] = (refreshToken) => {
    const exchange = this.#exchange();
    const client = this.#client(exchange);
    client.setCredentials({ refresh_token: refreshToken });
    return exchange.tokens(() => client.getAccessToken());
  };

  appOnly: OAuthClient['appOnly'] = async (scopes, mailbox) => {
    const { serviceAccount } = this.application.settings;
    if (serviceAccount === undefined) return refused('application-incomplete', 'There is no key of a service account.');
    const { tokenUrl } = this.application.endpoints;
    const exchange = this.#exchange(tokenUrl === undefined ? {} : { rewrite: () => new URL(tokenUrl) });
    const client = new JWT({
      email: serviceAccount.email,
      key: serviceAccount.privateKey,
      scopes: [...scopes],
      subject: mailbox,
      transporterOptions: { fetchImplementation: fetchThrough(exchange) },
    });
    return exchange.tokens(() => client.authorize());
  };

  /** Google does not allow mail scopes there. */
  startDevice: OAuthClient['startDevice'] = () => Promise.resolve(refused('flow-unsupported'));
  pollDevice: OAuthClient['pollDevice'] = () => Promise.resolve(refused('flow-unsupported'));

  #exchange(options: ExchangeOptions = {}): Exchange {
    return new Exchange(this.http, { ...options, ...reachOf(this.application) });
  }

  #client(exchange: Exchange): OAuth2Client {
    const { settings, endpoints } = this.application;
    const { authorizationUrl, tokenUrl } = endpoints;
    return new OAuth2Client({
      ...(settings.clientId === undefined ? {} : { clientId: settings.clientId }),
      ...(settings.clientSecret === undefined ? {} : { clientSecret: settings.clientSecret }),
      endpoints: {
        ...(authorizationUrl === undefined ? {} : { oauth2AuthBaseUrl: authorizationUrl }),
        ...(tokenUrl === undefined ? {} : { oauth2TokenUrl: tokenUrl }),
      },
      transporterOptions: { fetchImplementation: fetchThrough(exchange) },
    });
  }
}

/** The library hands over its own options beside those of fetch; only the latter go on. */
const fetchThrough =
  (exchange: Exchange): typeof fetch =>
  (input, init) => {
    const { method = 'GET', headers, body } = init ?? {};
    return exchange.send(
      new Request(input, { method, ...(headers === undefined ? {} : { headers }), ...(body ? { body } : {}) }),
    );
  };
