import { expect, it } from 'vitest';

import { castsWithoutReason, functionSizes } from './functions.js';
import { isTestSupport, sourceFiles } from './source-files.js';

const FILE_LIMIT = 400;
const FUNCTION_LIMIT = 80;

/** Longer on purpose, with the reason. An entry that is not needed any more fails. */
const EXEMPT_FILES: Readonly<Record<string, string>> = {};
const EXEMPT_FUNCTIONS: Readonly<Record<string, string>> = {
  'migrations/src/1795219200001-directory.ts': 'one SQL text that creates the tables of a room',
  'migrations/src/1795219200005-mail.ts': 'one SQL text that creates the tables of a room',
};

const files = sourceFiles('.ts', '.mjs', '.html', '.scss').map(({ path, text }) => ({
  path,
  lines: text.trimEnd().split('\n').length,
}));
const functions = sourceFiles('.ts', '.mjs').flatMap(functionSizes);

const longest = <T extends { lines: number }>(all: readonly T[]) =>
  [...all].sort((a, b) => b.lines - a.lines).slice(0, 10);

it(`keeps files within ${FILE_LIMIT} lines`, () => {
  process.stdout.write(
    ['Longest files:', ...longest(files).map((file) => `  ${file.lines} ${file.path}`), ''].join('\n'),
  );
  const over = files.filter((file) => file.lines > FILE_LIMIT).map((file) => file.path);
  expect(over).toEqual(Object.keys(EXEMPT_FILES));
});

it(`keeps functions within ${FUNCTION_LIMIT} lines`, () => {
  process.stdout.write(
    ['Longest functions:', ...longest(functions).map((one) => `  ${one.lines} ${one.place}`), ''].join('\n'),
  );
  const over = functions.filter((one) => one.lines > FUNCTION_LIMIT);
  expect(over.filter((one) => EXEMPT_FUNCTIONS[one.path] === undefined).map((one) => one.place)).toEqual([]);
  expect(Object.keys(EXEMPT_FUNCTIONS).filter((path) => !over.some((one) => one.path === path))).toEqual([]);
});

it('gives a reason for every cast', () => {
  const product = sourceFiles('.ts').filter(({ path }) => !isTestSupport(path));
  expect(product.flatMap(castsWithoutReason)).toEqual([]);
});
