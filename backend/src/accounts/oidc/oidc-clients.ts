import { Inject } from '@nestjs/common';
import type { IdentityProviderSettings } from '@signalpost/contracts';
import * as openid from 'openid-client';

import { ProblemError } from '../../http/index.js';
import { FetchError, GuardedFetch } from '../../net/index.js';

/** Clocks of small servers go wrong. */
const CLOCK_TOLERANCE_SECONDS = 120;
const SCOPE = 'openid email profile';

type Provider = Pick<IdentityProviderSettings, 'issuer' | 'clientId' | 'clientSecret'>;

/** What one sign-in is bound to. */
export interface Binding {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who the provider says it is. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  /** Undefined where the provider says nothing of it. */
  readonly emailVerified: boolean | undefined;
  readonly name: string;
}

/** OpenID Connect with an issuer that a tenant named: every request goes through the egress guard, id tokens are checked by signature. */
export class OidcClients {
  constructor(@Inject(GuardedFetch) private readonly http: GuardedFetch) {}

  /** Whether the issuer describes itself. @throws ProblemError `identity-provider-refused` */
  async look(provider: Provider): Promise<void> {
    try {
      await this.#configuration(provider);
    } catch (error) {
      throw new ProblemError('identity-provider-refused', { detail: reasonOf(error, provider.issuer) });
    }
  }

  async authorizationUrl(provider: Provider, { redirectUri, state, nonce, verifier }: Binding): Promise<URL> {
    return openid.buildAuthorizationUrl(await this.#configuration(provider), {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /** @param search of the address that the browser came back to */
  async identity(
    provider: Provider,
    { redirectUri, state, nonce, verifier }: Binding,
    search: string,
  ): Promise<Identity> {
    const configuration = await this.#configuration(provider);
    const current = new URL(redirectUri);
    current.search = search;
    const tokens = await openid.authorizationCodeGrant(configuration, current, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('There is no id token.');
    const all = isComplete(claims) ? claims : { ...claims, ...(await userInfo(configuration, tokens, claims.sub)) };
    return {
      issuer: claims.iss,
      subject: claims.sub,
      email: textOf(all['email']),
      emailVerified: flagOf(all['email_verified']),
      name: textOf(all['name']) ?? '',
    };
  }

  async #configuration({ issuer, clientId, clientSecret }: Provider): Promise<openid.Configuration> {
    const authentication = clientSecret === null ? openid.None() : openid.ClientSecretPost(clientSecret);
    const metadata = { [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    const send: openid.CustomFetch = (url, { method, headers, body }) => {
      const form = body as string | URLSearchParams | undefined; // the library sends forms only
      return this.http.fetch(new Request(url, { method, headers, ...(form ? { body: form } : {}) }));
    };
    return openid.discovery(new URL(issuer), clientId, metadata, authentication, {
      [openid.customFetch]: send,
      execute: [openid.enableNonRepudiationChecks],
    });
  }
}

type Claims = Readonly<Record<string, unknown>>;

const isComplete = (claims: Claims): boolean => claims['email'] !== undefined && claims['email_verified'] !== undefined;

/** Address and verification are told together there, or not at all. */
async function userInfo(
  configuration: openid.Configuration,
  { access_token }: { readonly access_token: string },
  subject: string,
): Promise<Claims> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  const { email, email_verified, name } = await openid.fetchUserInfo(configuration, access_token, subject);
  return {
    ...(email === undefined ? {} : { email, email_verified }),
    ...(name === undefined ? {} : { name }),
  };
}

/** Some providers write it as a text. Whatever is neither is no yes. */
const flagOf = (value: unknown): boolean | undefined =>
  value === undefined ? undefined : value === true || value === 'true';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function reasonOf(error: unknown, issuer: string): string {
  const cause = [error, error instanceof Error ? error.cause : undefined].find((one) => one instanceof FetchError);
  if (cause !== undefined) return cause.message;
  return `${issuer} does not describe itself as an OpenID provider. Check the issuer: it is the address before /.well-known/openid-configuration.`;
}
