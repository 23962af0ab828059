import { expect, it } from 'vitest';
import { type PasswordRules, brokenRules } from './password-rules';

const RULES: PasswordRules = {
  minLength: 12,
  maxLength: 64,
  minDistinctCharacters: 5,
  commonWords: ['password', '123456789012'],
  ownAddressPart: 4,
};
const broken = (password: string, email = 'ada.lovelace@example.org') => brokenRules(RULES, password, email);

it.each([
  ['correct horse battery', []],
  ['short', ['length']],
  ['x'.repeat(65), ['length', 'distinct']],
  ['abababababab', ['distinct']],
  ['Password2026!', ['common']],
  ['passwordpassword', ['common']],
  ['123456789012', ['common']],
  ['my-ADA.lovelace-key', ['address']],
])('finds in "%s" %j', (password, names) => {
  expect(broken(password)).toEqual(names);
});

it('lets a short part of an address stand', () => {
  expect(broken('a bob in the bobsleigh', 'bob@example.org')).toEqual([]);
});
