import type { OAuthFailureView } from '@signalpost/contracts';

interface OAuthFailureKind {
  /** What happened, as a plain sentence. */
  readonly message: string;
  /** What a person can do about it. */
  readonly advice: string;
  readonly retryable: boolean;
  /** `consent`: a person has to sign in again. `settings`: application or server must be changed; what is stored stays. */
  readonly heals: 'time' | 'consent' | 'settings';
}

const kind = (heals: OAuthFailureKind['heals'], message: string, advice: string): OAuthFailureKind => ({
  ...{ message, advice, heals },
  retryable: heals === 'time',
});

const TESTING_ADVICE =
  'Publish the app in the Google Cloud console (Google Auth Platform > Audience > Publish app) or make it internal, then sign in again.';

/**
 * Everything that can keep a token from being had. Causes: RFC 6749 §5.2, RFC 8628 §3.5, Microsoft's AADSTS codes, and
 * what Google documents for `invalid_grant`.
 */
export const OAUTH_FAILURES = {
  // before the provider is asked
  'not-configured': kind(
    'settings',
    'This mail server does not sign in with OAuth.',
    'Choose OAuth in its settings and save it.',
  ),
  'not-saved': kind(
    'settings',
    'These settings are not saved, so nobody has signed in with them yet.',
    'Save the mail server and sign in, then try again.',
  ),
  'consent-missing': kind(
    'consent',
    'Nobody has signed in for this mail server yet.',
    'Sign in on the page of the mail server.',
  ),
  'application-missing': kind(
    'settings',
    'The OAuth application of this mail server does not exist or is not shared any more.',
    'Choose another application in the settings of the server.',
  ),
  'application-incomplete': kind(
    'settings',
    'The OAuth application lacks something that this way of signing in needs.',
    'Fill it in and save the application.',
  ),
  'secret-unreadable': kind(
    'settings',
    'A stored secret cannot be opened.',
    'Enter the secret of the OAuth application again, or sign in again.',
  ),
  'flow-unsupported': kind(
    'settings',
    'The provider does not offer this way of signing in.',
    'Choose another way in the settings of the server.',
  ),

  // reaching the provider
  'provider-unreachable': kind(
    'time',
    'The provider of the sign-in cannot be reached.',
    'It is tried again; check the address and the network if it stays so.',
  ),
  'provider-slow': kind('time', 'The provider of the sign-in did not answer in time.', 'It is tried again.'),
  'provider-unavailable': kind(
    'time',
    'The provider of the sign-in has a fault of its own.',
    'It is tried again; look at its status page if it stays so.',
  ),
  'provider-throttles': kind(
    'time',
    'The provider of the sign-in takes no more requests at the moment.',
    'It is tried again.',
  ),
  'egress-refused': kind(
    'settings',
    'The address of the provider is in a network that is closed.',
    'Use a public address, or let the operator list the host in EGRESS_ALLOW.',
  ),
  'address-unusable': kind('settings', 'The address of the provider cannot be used.', 'Use an https address.'),
  'tls-failed': kind(
    'time',
    'The certificate of the provider cannot be trusted, or it does not speak TLS.',
    'Check the address; do not switch the check off.',
  ),
  'answer-invalid': kind(
    'time',
    'The answer of the provider is not one of an OAuth server.',
    'Check the addresses of the OAuth application.',
  ),

  // what the provider refuses
  'consent-ended': kind(
    'consent',
    'The provider does not accept the consent any more: it was revoked, ran out, or the password was changed.',
    'Sign in again.',
  ),
  'consent-idle': kind('consent', 'The consent was not used for too long and ran out.', 'Sign in again.'),
  'testing-token-ended': kind(
    'consent',
    'The consent ended after 7 days, because the Google project is in "Testing".',
    TESTING_ADVICE,
  ),
  'sign-in-frequency': kind(
    'consent',
    'A policy of the organisation asks for a new sign-in after some time.',
    'Sign in again; let the administrator exclude this mailbox from the sign-in frequency policy.',
  ),
  'more-proof-needed': kind(
    'consent',
    'The provider asks for another proof, such as a second factor.',
    'Sign in again and give it.',
  ),
  'password-changed': kind(
    'consent',
    'The consent ended because the password was changed or all sign-ins were revoked.',
    'Sign in again.',
  ),
  'consent-not-given': kind(
    'consent',
    'Nobody has allowed this application to use the mailbox.',
    'Sign in again and accept what is asked.',
  ),
  'admin-consent-needed': kind(
    'consent',
    'Only an administrator of the organisation may allow this application.',
    'Use "Hand over" to send the administrator a link.',
  ),
  'code-used': kind('consent', 'The code of this sign-in was used already.', 'Start the sign-in again.'),
  'client-secret-wrong': kind(
    'settings',
    'The provider does not accept the secret of the OAuth application.',
    'Enter the secret again; with Microsoft it is the value of the secret, not its id.',
  ),
  'client-secret-expired': kind(
    'settings',
    'The secret or certificate of the OAuth application has run out.',
    'Make a new one at the provider and enter it in the OAuth application.',
  ),
  'public-client-needed': kind(
    'settings',
    'The OAuth application does not allow a sign-in without its secret.',
    'For the device code, allow it at Microsoft: registration of the application > Authentication > Allow public client flows.',
  ),
  'application-unknown': kind(
    'settings',
    'The provider does not know this OAuth application.',
    'Check client id and directory (tenant) id.',
  ),
  'application-not-allowed': kind(
    'settings',
    'The OAuth application may not use this way of signing in, or lacks the right to these scopes.',
    'Allow it at the provider; for a service account, enter its client id and the scopes under domain-wide delegation.',
  ),
  'directory-wrong': kind(
    'settings',
    'The directory (tenant) id does not exist or does not fit the application.',
    'Copy the directory (tenant) id from the registration of the application.',
  ),
  'redirect-mismatch': kind(
    'settings',
    'The redirect address is not registered for this OAuth application.',
    'Copy the redirect address of this page into the registration at the provider, letter by letter.',
  ),
  'scope-refused': kind(
    'settings',
    'The provider does not accept the scopes.',
    'Check the scopes; app-only sign-in needs ".default" at Microsoft.',
  ),
  'request-refused': kind(
    'settings',
    'The provider refuses the request.',
    'Read its answer and check the OAuth application.',
  ),
  'policy-refused': kind(
    'settings',
    'A policy of the organisation does not let this application in.',
    'Ask the administrator to allow the client id of the application.',
  ),

  'mail-server-refuses': kind(
    'settings',
    'The mail server takes not even a fresh access token.',
    'Run the connection doctor of the mail server: it names the setting or permission that is missing.',
  ),

  // consent
  'consent-denied': kind(
    'consent',
    'The consent was refused.',
    'Start again and accept, or choose another account. At a Google project in "Testing", add the account as a test user.',
  ),
  'wrong-account': kind(
    'consent',
    'Somebody else than the mailbox of this server signed in.',
    'Start again with the mailbox of the server, or correct the mailbox in its settings.',
  ),
  'no-refresh-token': kind(
    'consent',
    'The provider gave no refresh token, so the consent would end within the hour.',
    'Allow offline access (scope offline_access; Google: access_type=offline and a fresh consent) and start again.',
  ),
  'state-unknown': kind(
    'consent',
    'This sign-in is not known: it was finished, replaced by a newer one, or began in another browser.',
    'Start it again on the page of the mail server.',
  ),
  'state-expired': kind(
    'consent',
    'This sign-in took longer than 10 minutes.',
    'Start it again on the page of the mail server.',
  ),
  'issuer-wrong': kind(
    'consent',
    'The answer comes from another provider than the one that was asked.',
    'Start again; if it stays so, check the issuer of the OAuth application.',
  ),
  'nonce-wrong': kind(
    'consent',
    'The answer does not belong to this sign-in.',
    'Start it again on the page of the mail server.',
  ),
  'device-expired': kind('consent', 'Nobody entered the code in time.', 'Start again and enter the new code.'),
  'authorization-pending': kind('time', 'The code has not been entered yet.', 'Enter it.'),
  'slow-down': kind('time', 'The provider wants to be asked less often.', 'It is tried again.'),
} as const satisfies Record<string, OAuthFailureKind>;

export type OAuthFailureCode = keyof typeof OAUTH_FAILURES;

/** Why there is no token. Holds no secret; `retryable` without anybody changing anything. */
export interface OAuthFailure extends OAuthFailureView {
  readonly code: OAuthFailureCode;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: OAuthFailure };

/** @param detail what is special about this case: the provider's own words, the account */
export function oauthFailure(code: OAuthFailureCode, detail?: string): OAuthFailure {
  const { message, advice, retryable } = OAUTH_FAILURES[code];
  return { code, message: detail ? `${message} ${detail}` : message, advice, retryable };
}

export const refused = (
  code: OAuthFailureCode,
  detail?: string,
): { readonly ok: false; readonly failure: OAuthFailure } => ({
  ok: false,
  failure: oauthFailure(code, detail),
});

export const healedBy = (failure: OAuthFailure): OAuthFailureKind['heals'] => OAUTH_FAILURES[failure.code].heals;
