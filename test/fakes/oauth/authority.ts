import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { type Configuration, Provider } from 'oidc-provider';

import { Browser } from './browser.js';
import { AuthorityShim, type OAuthPersona, type TokenRequest } from './shim.js';

export type { OAuthPersona, TokenRequest } from './shim.js';

const CERTIFICATES = new URL('../../../backend/src/mail/transport/fixtures/', import.meta.url);
const certificate = (name: string): string => readFileSync(new URL(name, CERTIFICATES), 'utf8');
/** Whoever is to trust the authority trusts this. */
export const AUTHORITY_CA = certificate('ca.pem');

const ownFile = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
/**
 * Of the application that signs in with it; PEM. Made by
 * `openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj "/CN=Signalpost test client" -keyout client-key.pem -out client.pem`.
 */
export const CLIENT_CERTIFICATE = { certificate: ownFile('client.pem'), privateKey: ownFile('client-key.pem') };

export const DIRECTORY_ID = '0f5e1c0e-7a44-4d0c-9c1a-5f0a3a4f2a10';
/** With a secret, and without. */
export const CLIENTS = {
  confidential: { id: 'signalpost', secret: 'the-secret-of-the-application' },
  public: { id: 'signalpost-public' },
  /** Signs in with `clientCertificate`. */
  certificate: { id: 'signalpost-certificate' },
};

const SCOPES = [
  'openid',
  'profile',
  'email',
  'offline_access',
  'smtp.send',
  'https://outlook.office.com/SMTP.Send',
  'https://outlook.office365.com/.default',
  'https://graph.microsoft.com/Mail.Send',
  'https://mail.google.com/',
];

export interface FakeAuthority {
  readonly issuer: string;
  readonly endpoints: Readonly<Record<'authorizationUrl' | 'tokenUrl' | 'deviceUrl' | 'revocationUrl', string>>;
  /** `host:port` */
  readonly address: string;
  /** Change it on the way: `authority.persona.fails = 500`. */
  readonly persona: OAuthPersona;
  /** What reached the token endpoint, in order. */
  readonly tokenRequests: readonly TokenRequest[];
  /** Follows an authorization URL as the persona's person would; answers the address that the browser ends at. */
  consent(authorizationUrl: string): Promise<URL>;
  /** The person enters a device's code. */
  enterCode(userCode: string): Promise<void>;
  /** Every consent until now is worth nothing any more. */
  revokeAll(): void;
  /** Whose mailbox a token opens; undefined for a token that is not (or no longer) good. */
  accountOf(accessToken: string): Promise<string | undefined>;
  close(): Promise<void>;
}

export interface AuthorityOptions {
  /** `microsoft` rotates refresh tokens, `google` gives one at the consent and never again. */
  readonly kind: 'microsoft' | 'google';
  readonly redirectUris?: readonly string[];
  readonly persona?: Partial<OAuthPersona>;
  readonly port?: number;
}

/** An OpenID provider (the package oidc-provider) over HTTPS that behaves like Microsoft's or Google's authority. */
export async function startAuthority({
  kind,
  redirectUris = [],
  persona: given = {},
  port = 0,
}: AuthorityOptions): Promise<FakeAuthority> {
  const persona: OAuthPersona = { person: 'box@example.org', accessSeconds: 3600, interval: 5, ...given };
  const server = createServer({ cert: certificate('localhost.pem'), key: certificate('localhost-key.pem') });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = `localhost:${(server.address() as AddressInfo).port}`;
  const prefix = `/${DIRECTORY_ID}/v2.0`;
  const issuer = `https://${address}${prefix}`;
  const provider = new Provider(issuer, configurationOf(kind, persona, redirectUris));
  provider.proxy = true;
  const shim = new AuthorityShim(kind, prefix, persona, provider);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void shim.handle(request, response));
  return {
    issuer,
    endpoints: {
      authorizationUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      deviceUrl: `${issuer}/devicecode`,
      revocationUrl: `${issuer}/token/revocation`,
    },
    address,
    persona,
    tokenRequests: shim.tokenRequests,
    consent: (url) => new Browser(AUTHORITY_CA).follow(url, (next) => next.host !== address),
    enterCode: (userCode) => shim.enterCode(userCode),
    revokeAll: () => shim.revokeAll(),
    accountOf: (token) => shim.accountOf(token),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function configurationOf(kind: string, persona: OAuthPersona, redirectUris: readonly string[]): Configuration {
  const grants = ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'];
  const common = {
    redirect_uris: [...redirectUris, 'http://localhost'],
    response_types: ['code' as const],
    scope: SCOPES.join(' '),
  };
  return {
    clients: [
      {
        ...common,
        client_id: CLIENTS.confidential.id,
        client_secret: CLIENTS.confidential.secret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: [...grants, 'client_credentials'],
      },
      {
        ...common,
        client_id: CLIENTS.certificate.id,
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['client_credentials'],
        response_types: [],
        redirect_uris: [],
        jwks: { keys: [new X509Certificate(CLIENT_CERTIFICATE.certificate).publicKey.export({ format: 'jwk' })] },
      },
      {
        ...common,
        client_id: CLIENTS.public.id,
        token_endpoint_auth_method: 'none',
        grant_types: grants,
        application_type: 'native',
        redirect_uris: ['http://localhost'],
      },
    ],
    scopes: SCOPES,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['preferred_username', 'tid', 'oid'] },
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    routes: { device_authorization: '/devicecode' },
    pkce: { required: () => false },
    cookies: { keys: ['fake'] },
    ttl: {
      AccessToken: () => persona.accessSeconds,
      ClientCredentials: () => persona.accessSeconds,
      Grant: 1e9,
      RefreshToken: 1e9,
      Session: 600,
      Interaction: 600,
      IdToken: 600,
      DeviceCode: 600,
    },
    rotateRefreshToken: () => kind === 'microsoft',
    issueRefreshToken: () => Promise.resolve(persona.omitsRefreshToken !== true),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({
      accountId,
      claims: () => ({
        sub: accountId,
        email: accountId,
        ...(persona.silentOnVerified === true ? {} : { email_verified: persona.unverified !== true }),
        preferred_username: accountId,
        tid: DIRECTORY_ID,
        oid: accountId,
      }),
    }),
    loadExistingGrant: async (ctx) => {
      const { client, session, provider, params } = ctx.oidc;
      const grant = new provider.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' });
      grant.addOIDCScope(textOf(params?.['scope']));
      await grant.save();
      return grant;
    },
  };
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
