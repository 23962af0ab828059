import { expect, it } from 'vitest';

import { classifyAnswer } from './classify.js';
import { healedBy, OAUTH_FAILURES } from './oauth-failures.js';

const microsoft = (code: number) => ({
  error: 'invalid_grant',
  error_description: `AADSTS${code}: Words that change.`,
  error_codes: [code],
});

it.each([
  [microsoft(700082), 'consent-idle', 'consent'],
  [microsoft(70043), 'sign-in-frequency', 'consent'],
  [microsoft(50173), 'password-changed', 'consent'],
  [microsoft(50076), 'more-proof-needed', 'consent'],
  [microsoft(65001), 'consent-not-given', 'consent'],
  [microsoft(90094), 'admin-consent-needed', 'consent'],
  [microsoft(54005), 'code-used', 'consent'],
  [microsoft(7000215), 'client-secret-wrong', 'settings'],
  [microsoft(7000218), 'public-client-needed', 'settings'],
  [microsoft(7000222), 'client-secret-expired', 'settings'],
  [microsoft(700016), 'application-unknown', 'settings'],
  [microsoft(50011), 'redirect-mismatch', 'settings'],
  [microsoft(50194), 'directory-wrong', 'settings'],
  [microsoft(900023), 'directory-wrong', 'settings'],
  [{ error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }, 'consent-ended', 'consent'],
  [{ error: 'invalid_client' }, 'client-secret-wrong', 'settings'],
  [{ error: 'unauthorized_client' }, 'application-not-allowed', 'settings'],
  [{ error: 'admin_policy_enforced' }, 'policy-refused', 'settings'],
  [{ error: 'access_denied' }, 'consent-denied', 'consent'],
  [{ error: 'something_new' }, 'request-refused', 'settings'],
] as const)('tells %j as "%s", healed by %s', (body, code, heals) => {
  const failure = classifyAnswer(400, body);
  expect([failure.code, healedBy(failure), failure.retryable]).toEqual([code, heals, false]);
});

it.each([[500], [502], [503], [429], [408]])(
  'takes HTTP %i without an OAuth error as a fault that passes',
  (status) => {
    expect(classifyAnswer(status, '<h1>Sorry</h1>').retryable).toBe(true);
  },
);

it('quotes the provider on one line, and nothing that could be a token', () => {
  const { message } = classifyAnswer(400, {
    error: 'invalid_grant',
    error_description: `bad\r\n${'Ab1-'.repeat(40)} token`,
  });
  expect(message).toContain('invalid_grant: bad … token');
});

it('says for every failure what happened and what to do', () => {
  for (const [code, { message, advice }] of Object.entries(OAUTH_FAILURES)) {
    expect([code, /^[A-Z].+\.$/.test(message), /^[A-Z].+\.$/.test(advice)]).toEqual([code, true, true]);
  }
});
