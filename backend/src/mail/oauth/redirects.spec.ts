import { expect, it } from 'vitest';

import { mailProvider } from '../providers/catalogue.js';
import type { ApplicationInUse } from './application-in-use.js';
import { redirectAdvice } from './redirects.js';

const at = (provider: 'google' | 'microsoft-365', publicUrl: string) =>
  redirectAdvice(publicUrl, {
    ...{ ref: { tenantId: '', id: '' }, provider, settings: {}, endpoints: {}, allowed: [], flow: 'authorizationCode' },
    template: mailProvider(provider).oauth!,
  } satisfies ApplicationInUse);

it.each([
  ['google', 'http://localhost:8080', true],
  ['google', 'https://mail.example.com', true],
  ['google', 'http://mail.example.com', false],
  ['google', 'https://192.0.2.7', false],
  ['google', 'https://signalpost.local', false],
  ['google', 'https://signalpost', false],
  ['microsoft-365', 'http://localhost:8080', true],
  ['microsoft-365', 'https://192.0.2.7', true],
  ['microsoft-365', 'http://192.0.2.7', false],
] as const)('knows before the sign-in whether %s sends browsers back to %s: %s', (provider, publicUrl, accepted) => {
  const advice = at(provider, publicUrl);
  expect(advice).toMatchObject({ accepted, redirectUri: `${publicUrl}/api/mail/oauth/callback` });
  expect(advice.advice === null).toBe(accepted);
});

it('offers the device code where the provider has it', () => {
  expect(at('microsoft-365', 'http://192.0.2.7').advice).toContain('device code');
  expect(at('google', 'http://192.0.2.7').advice).not.toContain('device code');
});
