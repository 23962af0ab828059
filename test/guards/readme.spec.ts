import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { configTable } from '../../backend/dist/config/index.js';
import { ROOT, sourceFiles } from './source-files.js';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** A table's cells, however its columns are padded. */
function cells(table: string): string[][] {
  const rows = table.split('\n').filter((line) => line.startsWith('|') && !/^\|[\s|:-]+\|$/.test(line));
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

it('has the configuration table of the product ("npm start -- --help --markdown" prints it)', () => {
  const table = /<!-- configuration -->\n([\s\S]*?)<!-- \/configuration -->/.exec(readme)?.[1] ?? '';
  expect(cells(table)).toEqual(cells(configTable('markdown')));
});

it('points only at files that exist', () => {
  const links = sourceFiles('.md').flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map((match) => [path, match[1] ?? ''] as const),
  );
  expect(links.filter(([path, link]) => !existsSync(join(ROOT, path, '..', link)))).toEqual([]);
});

it('names only commands that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});
