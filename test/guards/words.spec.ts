import { expect, it } from 'vitest';

import { sourceFiles } from './source-files.js';

const written = sourceFiles(
  '.ts',
  '.mjs',
  '.cjs',
  '.html',
  '.scss',
  '.json',
  '.yml',
  '.yaml',
  '.md',
  '.sh',
  '.service',
).filter(({ path }) => path !== 'package-lock.json' && path !== 'test/guards/words.spec.ts');

function linesWith(pattern: RegExp, files = written): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${line.trim()}`] : [])),
  );
}

it('names no folder of one machine', () => {
  expect(linesWith(/(^|[^\w./-])\/(work|home\/\w+|Users|root)\//)).toEqual([]);
});

it('leaves nothing unfinished', () => {
  expect(linesWith(/\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
});

it('switches no check and no test off', () => {
  const code = written.filter(({ path }) => /\.(ts|mjs|cjs)$/.test(path));
  expect(
    linesWith(
      /@ts-(ignore|nocheck|expect-error)|eslint-disable|\b(it|test|describe)\.(only|skip|todo)\(|\bx(it|describe)\(/,
      code,
    ),
  ).toEqual([]);
});
