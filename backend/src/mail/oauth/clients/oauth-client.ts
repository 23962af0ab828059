import type { ApplicationInUse } from '../application-in-use.js';
import type { TokenAnswer } from '../exchange.js';
import type { Result } from '../oauth-failures.js';

/** RFC 6749 §4.1.1 with PKCE (RFC 7636) and OpenID Connect's nonce. */
export interface ConsentRequest {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** S256 of the verifier. */
  readonly challenge: string;
  readonly loginHint: string;
  readonly scopes: readonly string[];
}

export interface CodeExchange {
  /** The redirect address with all its parameters. */
  readonly callback: URL;
  readonly code: string;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly scopes: readonly string[];
}

/** RFC 8628 §3.2; `deviceCode` is a secret. */
export interface DeviceStart {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** One provider's library behind one face. Made anew for each use: what it caches ends with it. */
export interface OAuthClient {
  authorizationUrl(request: ConsentRequest): Promise<Result<string>>;
  redeem(exchange: CodeExchange): Promise<Result<TokenAnswer>>;
  refresh(refreshToken: string, scopes: readonly string[]): Promise<Result<TokenAnswer>>;
  /** Without a person: client credentials, or a service account for this mailbox. */
  appOnly(scopes: readonly string[], mailbox: string): Promise<Result<TokenAnswer>>;
  startDevice(scopes: readonly string[]): Promise<Result<DeviceStart>>;
  /** Asks once; `authorization-pending` and `slow-down` are failures like others. */
  pollDevice(deviceCode: string, scopes: readonly string[]): Promise<Result<TokenAnswer>>;
}

export type MakeClient = (application: ApplicationInUse) => OAuthClient;
