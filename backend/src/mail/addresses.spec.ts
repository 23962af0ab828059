import { expect, it } from 'vitest';

import { parseMailbox, parseMailboxes } from './addresses.js';

const read = (text: string) => {
  const parsed = parseMailboxes(text);
  return parsed.ok
    ? parsed.value.map(({ name, address }) => (name === '' ? address : `${name}|${address}`))
    : parsed.failure;
};

it.each([
  ['a@b.org', ['a@b.org']],
  [' a@b.org , c@d.org,', ['a@b.org', 'c@d.org']],
  ['Plant 3 <alarm@example.org>', ['Plant 3|alarm@example.org']],
  ['<a@b.org>', ['a@b.org']],
  ['"Doe, John" <j@b.org>, "Q \\"X\\" Y" <q@b.org>', ['Doe, John|j@b.org', 'Q "X" Y|q@b.org']],
  ['Müller GmbH & Co. <info@b.org>', ['Müller GmbH & Co.|info@b.org']],
  ['"a@b.org" <c@d.org>', ['a@b.org|c@d.org']],
  ['Case@EXAMPLE.Org', ['Case@example.org']],
  ["o'neil+tag_x=1@b-c.org", ["o'neil+tag_x=1@b-c.org"]],
  ['post@bücher.example', ['post@xn--bcher-kva.example']],
  ['root@localhost', ['root@localhost']],
  ['', []],
  [`${'l'.repeat(64)}@b.org`, [`${'l'.repeat(64)}@b.org`]],
])('reads %s', (text, expected) => {
  expect(read(text)).toEqual(expected);
});

it.each([
  ['a group', 'friends: a@b.org, c@d.org;'],
  ['a semicolon list', 'a@b.org; c@d.org'],
  ['a comment', 'a@b.org (evil@x.org)'],
  ['a comment in the domain', 'a@b.org(x.com)'],
  ['a comment in the angle', 'x <a@b.org(evil)>'],
  ['a route', '<@relay.org:a@b.org>'],
  ['two at signs', 'a@b.org@c.org'],
  ['two angle addresses', 'A <a@b.org> <c@d.org>'],
  ['something behind the angle', '<a@b.org> x'],
  ['a quoted local part', '"a b@evil.org "@b.org'],
  ['a quote left open', '"a@b.org'],
  ['a second header', 'b@y.test\r\nBcc: evil@z.test'],
  ['a lone line feed', 'b@y.test\nBcc: evil@z.test'],
  ['a NUL', 'a@b.org\0'],
  ['a line separator', 'a@b.org\u2028x'],
  ['a blank in the address', 'a b@c.org'],
  ['a blank around the at sign', 'a @b.org'],
  ['a missing domain', 'a@'],
  ['a missing local part', '@b.org'],
  ['no at sign', 'nobody'],
  ['an address literal', 'a@[127.0.0.1]'],
  ['a dotted number', 'a@127.0.0.1'],
  ['an empty label', 'a@b..org'],
  ['a hyphen at the end', 'a@b-.org'],
  ['two dots', 'a..b@c.org'],
  ['letters that need SMTPUTF8', 'jürgen@b.org'],
  ['a local part over 64', `${'l'.repeat(65)}@b.org`],
  ['a label over 63', `a@${'l'.repeat(64)}.org`],
  ['an address over 254', `a@${'abcdefg.'.repeat(32)}org`],
  ['an IDN that does not map', 'a@\u00ad.org'],
])('refuses %s', (_what, text) => {
  expect(read(text)).toMatchObject({ code: 'address-invalid', retryable: false });
});

it('names the placeholder that nothing replaced', () => {
  expect(read('${userEmail}')).toMatchObject({
    code: 'address-placeholder',
    message: expect.stringContaining('"${userEmail}" is still there'),
  });
  expect(read('a@b.org, $[mail]')).toMatchObject({ message: expect.stringContaining('"$[mail]"') });
});

it('tells what is wrong on one line, however long or wild the input', () => {
  const failure = read(`x\r\n${'y'.repeat(5000)}`);
  expect(failure).toMatchObject({ message: expect.not.stringMatching(/[\r\n]/) });
  expect(JSON.stringify(failure).length).toBeLessThan(400);
});

it('stays quick on input made to be slow', () => {
  for (const evil of [
    '"\\'.repeat(9_000),
    '<'.repeat(19_000),
    `${'a.'.repeat(9_000)}@`,
    '('.repeat(19_000),
    '@'.repeat(19_000),
  ])
    expect(read(evil)).toMatchObject({ code: 'address-invalid' });
  expect(read('a'.repeat(20_001))).toMatchObject({ code: 'address-invalid' });
});

it('wants exactly one where one is meant', () => {
  expect(parseMailbox('A <a@b.org>')).toEqual({ ok: true, value: { name: 'A', address: 'a@b.org' } });
  for (const text of ['', 'a@b.org, c@d.org']) expect(parseMailbox(text)).toMatchObject({ ok: false });
});
