import { expect, it } from 'vitest';

import { readCsv } from './csv.js';

const cells = (text: string) => readCsv(text).map((line) => line.cells);

it('reads what RFC 4180 says: quotes, separators and line ends inside of them', () => {
  expect(cells('a,b\r\n"x, ""y""\r\nz",w\r\n')).toEqual([
    ['a', 'b'],
    ['x, "y"\r\nz', 'w'],
  ]);
});

it('reads what spreadsheets write: a byte order mark, semicolons, any end of line, blank lines, blanks around cells', () => {
  expect(cells('\uFEFFemail;name\n a@b.c ; Ada \r\r\n;;\nlast;')).toEqual([
    ['email', 'name'],
    ['a@b.c', 'Ada'],
    ['last', ''],
  ]);
});

it('counts lines as an editor does', () => {
  expect(readCsv('h\n\n"two\nlines"\nafter').map(({ line }) => line)).toEqual([1, 3, 5]);
});

it('refuses a quote that is never closed, or that ends inside a cell', () => {
  expect(() => readCsv('a\n"never closed\n')).toThrow('A quote in line 2');
  expect(() => readCsv('a\n"closed" too early\n')).toThrow('A quote in line 2');
});

it('reads a large file in time that grows with it', () => {
  expect(readCsv(`email\n${'a@example.org\n'.repeat(20_000)}`)).toHaveLength(20_001);
});
