import { z } from 'zod';

import type { FetchError } from '../../net/index.js';
import { oauthFailure, type OAuthFailure, type OAuthFailureCode } from './oauth-failures.js';

/** RFC 6749 §5.2, with Microsoft's additions. */
const errorBodySchema = z.object({
  error: z.string(),
  error_description: z.string().optional(),
  error_codes: z.array(z.number()).optional(),
  suberror: z.string().optional(),
});

/** Microsoft asks to match on numbers, since texts change. */
const AADSTS: Readonly<Record<number, OAuthFailureCode>> = {
  7000215: 'client-secret-wrong',
  7000222: 'client-secret-expired',
  700027: 'client-secret-wrong',
  7000112: 'application-unknown',
  700016: 'application-unknown',
  50011: 'redirect-mismatch',
  65001: 'consent-not-given',
  90094: 'admin-consent-needed',
  90095: 'admin-consent-needed',
  50105: 'policy-refused',
  50194: 'directory-wrong',
  90002: 'directory-wrong',
  900023: 'directory-wrong',
  700082: 'consent-idle',
  70043: 'sign-in-frequency',
  70044: 'sign-in-frequency',
  50173: 'password-changed',
  50076: 'more-proof-needed',
  50079: 'more-proof-needed',
  53003: 'policy-refused',
  54005: 'code-used',
  70011: 'scope-refused',
  1002012: 'scope-refused',
  7000218: 'public-client-needed',
  50196: 'provider-throttles',
};

const BY_ERROR: Readonly<Record<string, OAuthFailureCode>> = {
  invalid_grant: 'consent-ended',
  interaction_required: 'more-proof-needed',
  login_required: 'consent-ended',
  consent_required: 'consent-not-given',
  invalid_client: 'client-secret-wrong',
  unauthorized_client: 'application-not-allowed',
  deleted_client: 'application-unknown',
  disabled_client: 'application-unknown',
  unsupported_grant_type: 'application-not-allowed',
  invalid_scope: 'scope-refused',
  invalid_request: 'request-refused',
  redirect_uri_mismatch: 'redirect-mismatch',
  access_denied: 'consent-denied',
  authorization_declined: 'consent-denied',
  admin_policy_enforced: 'policy-refused',
  org_internal: 'policy-refused',
  temporarily_unavailable: 'provider-unavailable',
  server_error: 'provider-unavailable',
  rate_limit_exceeded: 'provider-throttles',
  authorization_pending: 'authorization-pending',
  slow_down: 'slow-down',
  expired_token: 'device-expired',
  bad_verification_code: 'device-expired',
};

const MAX_DETAIL = 300;

/** What a provider wrote, fit for a page: one line, no long opaque words (a token could be among them). */
const inItsWords = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .replaceAll(/[A-Za-z0-9_.~+/=-]{60,}/g, '…')
    .trim()
    .slice(0, MAX_DETAIL)
    .toWellFormed();

/** @param body the parsed answer of an endpoint that did not answer as wanted */
export function classifyAnswer(status: number, body: unknown): OAuthFailure {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return oauthFailure(byStatus(status), `(HTTP ${status})`);
  const { error, error_description: description = '', error_codes: codes = [] } = parsed.data;
  const detail = `The provider says: ${inItsWords(description === '' ? error : `${error}: ${description}`)}`;
  const byNumber = [...codes, ...numbersIn(description)].map((code) => AADSTS[code]).find((code) => code !== undefined);
  return oauthFailure(byNumber ?? BY_ERROR[error] ?? byStatus(status, 'request-refused'), detail);
}

const numbersIn = (description: string): number[] =>
  [...description.matchAll(/AADSTS(\d+)/g)].map(([, number]) => Number(number));

function byStatus(status: number, otherwise: OAuthFailureCode = 'answer-invalid'): OAuthFailureCode {
  if (status === 429) return 'provider-throttles';
  return status >= 500 || status === 408 ? 'provider-unavailable' : otherwise;
}

const BY_FETCH: Readonly<Record<FetchError['kind'], OAuthFailureCode>> = {
  address: 'address-unusable',
  egress: 'egress-refused',
  unreachable: 'provider-unreachable',
  tls: 'tls-failed',
  timeout: 'provider-slow',
  'too-large': 'answer-invalid',
};

export const classifyFetch = (error: FetchError): OAuthFailure =>
  oauthFailure(BY_FETCH[error.kind], inItsWords(error.message));
