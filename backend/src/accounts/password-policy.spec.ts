import { expect, it } from 'vitest';

import { PASSWORD_POLICY, refuseWeakPassword } from './password-policy.js';

const refusal = (password: string, email = 'ada.lovelace@example.org'): string | undefined => {
  try {
    refuseWeakPassword(password, email, 'password');
  } catch (error) {
    return (error as { details: { errors: { message: string }[] } }).details.errors[0]?.message;
  }
  return undefined;
};

const COMMON = 'is among the first that are guessed';
const OWN = 'must not contain your own address';

it.each([
  ['Password1234!', COMMON],
  ['1!!passwort!!1', COMMON],
  ['QWERTZUIOP 123', COMMON],
  ['123456789012', COMMON],
  ['abcabcabcabc123', COMMON],
  ['SignalpostSignalpost1', COMMON],
  ['Correct Horse Battery Staple', COMMON],
  ['ababababababab', 'must have at least 5 different characters'],
  ['my-Ada.Lovelace-pw', OWN],
  ['ADA.LOVELACE@EXAMPLE.ORG', OWN],
])('refuses %s: %s', (password, message) => {
  expect(refusal(password)).toBe(message);
});

it.each([
  'three wise owls hoot',
  'passwords are outdated',
  'корова летит на луну',
  'x9!kq02#mmPz',
  '密码很长而且很难猜到吧',
])('takes %s', (password) => {
  expect(refusal(password)).toBeUndefined();
});

it('does not mistake a short name in an address for the own one', () => {
  expect(refusal('mean old elephants', 'ol@example.org')).toBeUndefined();
});

it('says as data what it refuses, without capital letters and twice', () => {
  const { commonWords, minLength } = PASSWORD_POLICY;
  expect(commonWords).toEqual([...new Set(commonWords)]);
  expect(commonWords).toEqual(commonWords.map((word) => word.toLowerCase()));
  expect(minLength).toBe(12);
});
