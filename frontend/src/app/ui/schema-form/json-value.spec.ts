import { expect, it } from 'vitest';
import { at, differences, pointerOf, put, same } from './json-value';

it('reads and writes inside without touching what was given', () => {
  const given = { auth: { kind: 'basic' }, host: 'a' };
  expect(put(given, ['auth', 'username'], 'me')).toEqual({ auth: { kind: 'basic', username: 'me' }, host: 'a' });
  expect(put(given, ['dkim', 'domain'], 'd')).toMatchObject({ dkim: { domain: 'd' } });
  expect(put(given, ['host'], undefined)).toEqual({ auth: { kind: 'basic' } });
  expect(given).toEqual({ auth: { kind: 'basic' }, host: 'a' });
  expect(at(given, ['auth', 'kind', 'deeper'])).toBeUndefined();
});

it('names places as RFC 6901 does', () => {
  expect(pointerOf(['headers', 'a/b~c'])).toBe('/headers/a~1b~0c');
});

it('takes absent and undefined for the same, and tells where two values differ', () => {
  expect(same({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(differences({ a: 1, b: { c: 1, d: [1] } }, { a: 1, b: { c: 2, d: [2] }, e: 3 })).toEqual([
    ['b', 'c'],
    ['b', 'd'],
    ['e'],
  ]);
});
