import { expect, it } from 'vitest';

import { newTotpSecret, otpauthUri, stepOf, stepOfCode, toBase32, totpAt } from './totp.js';

/** RFC 6238 appendix B: the secret of its SHA-1 vectors; their last six of eight digits. */
const SECRET = toBase32(Buffer.from('12345678901234567890'));

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('makes the codes of RFC 6238: at second %i %s', (second, code) => {
  expect(totpAt(SECRET, stepOf(second * 1000))).toBe(code);
});

it('takes the code of the step before and after, and says which step it was', () => {
  const now = 1_700_000_000_000;
  const step = stepOf(now);
  expect([-2, -1, 0, 1, 2].map((drift) => stepOfCode(SECRET, totpAt(SECRET, step + drift), now))).toEqual([
    undefined,
    step - 1,
    step,
    step + 1,
    undefined,
  ]);
});

it('writes base32 as RFC 4648 has it, and secrets of 160 bits', () => {
  expect(['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((text) => toBase32(Buffer.from(text)))).toEqual([
    'MY',
    'MZXQ',
    'MZXW6',
    'MZXW6YQ',
    'MZXW6YTB',
    'MZXW6YTBOI',
  ]);
  expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/);
});

it('writes a URI whose account and issuer may hold anything', () => {
  const uri = new URL(otpauthUri('ABC', 'a:b&c@example.org', 'Sign & post'));
  expect([uri.protocol, uri.searchParams.get('secret'), uri.searchParams.get('issuer')]).toEqual([
    'otpauth:',
    'ABC',
    'Sign & post',
  ]);
  expect(uri.pathname).toBe('/Sign%20%26%20post:a%3Ab%26c%40example.org');
});
