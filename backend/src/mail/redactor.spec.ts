import { expect, it } from 'vitest';

import { Redactor } from './redactor.js';

const SECRET = 'p4ss"w+rd/é~';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

it.each([
  ['as it is', SECRET],
  ['in base64', base64(SECRET)],
  ['in base64url', Buffer.from(SECRET).toString('base64url')],
  ['in the response of PLAIN', base64(`\0user\0${SECRET}`)],
  ['in base64 behind anything else', base64(`x${SECRET}yz`)],
  ['in base64 behind two letters', base64(`xy${SECRET}z`)],
  ['in a URL', encodeURIComponent(SECRET)],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['shouting', SECRET.toUpperCase()],
])('hides a secret %s', (_how, spelling) => {
  const redactor = new Redactor();
  redactor.add(SECRET);
  expect(redactor.clean(`no, ${spelling} is wrong`)).toMatch(/^no, …+ is wrong$/);
});

it('hides what looks like a token, whoever told it', () => {
  const jwt = `${base64('{"alg":"none"}')}.${base64('{"sub":"me"}')}.c2ln`;
  const redactor = new Redactor();
  expect(redactor.clean(`${jwt} and Bearer abcdefghijk and ya29.abcdefghijklm`)).toBe('… and … and …');
});

it('keeps ordinary words, on one line', () => {
  const redactor = new Redactor();
  redactor.add(SECRET);
  expect(redactor.clean('250 2.0.0\r\nOk\u0007: queued\u202e')).toBe('250 2.0.0 Ok : queued');
});

it('cuts no character in two', () => {
  expect(new Redactor().clean('x😀😀', 4)).toBe('x😀\ufffd');
});
