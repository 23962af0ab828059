import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const IMPORT = /from '([^']+)'|^import '([^']+)'/gm;

/** Everything that a module imports for its values, through all files of the package. */
function reachedFrom(file: URL, seen = new Set<string>()): Set<string> {
  if (seen.has(file.href)) return seen;
  seen.add(file.href);
  const values = readFileSync(file, 'utf8').replaceAll(/(import|export) type [\s\S]*?;/g, '');
  for (const [, from, bare] of values.matchAll(IMPORT)) {
    const name = from ?? bare ?? '';
    if (name.startsWith('.')) reachedFrom(new URL(name.replace(/\.js$/, '.ts'), file), seen);
    else seen.add(name);
  }
  return seen;
}

it('keeps the way into a browser small: no behaviour of nodes, no runner, zod and uuid alone', () => {
  const reached = [...reachedFrom(new URL('./index.ts', import.meta.url))];
  expect(reached.filter((name) => !name.startsWith('file:')).sort()).toEqual(['uuid', 'zod']);
  expect(reached.filter((name) => /\.run\.ts$|\/runner\/|\/thingsboard\/|\/testing\//.test(name))).toEqual([]);
});
