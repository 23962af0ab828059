import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { ROOT, sourceFiles } from './source-files.js';

interface Lockfile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly resolved?: string; readonly license?: string; readonly dev?: boolean }
    >
  >;
}

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lockfile;
const packages = Object.entries(lock.packages);

const versionsOf = (name: string) =>
  packages.filter(([path]) => path.endsWith(`node_modules/${name}`)).map(([, entry]) => entry.version ?? '');

const isAtLeast = (version: string, least: string) => version.localeCompare(least, 'en', { numeric: true }) >= 0;

it('names no registry, so that everybody installs from their own', () => {
  const addresses = packages.filter(([, entry]) => /^https?:/.test(entry.resolved ?? '')).map(([path]) => path);
  expect(addresses).toEqual([]);
});

it.each([
  ['nodemailer', '10.0.0', 'older ones wait 43 ms a mail'],
  ['handlebars', '4.7.9', 'older ones let a template run code'],
])('has %s %s or newer: %s', (name, least) => {
  expect(versionsOf(name).filter((version) => !isAtLeast(version, least))).toEqual([]);
});

it('asks for exact versions', () => {
  const loose = sourceFiles('package.json').flatMap(({ path, text }) => {
    const manifest = JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, string>> | undefined>>;
    const all = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
      Object.entries(manifest[kind] ?? {}),
    );
    return all.filter(([, version]) => !/^\d/.test(version)).map(([name, version]) => `${path}: ${name} ${version}`);
  });
  expect(loose).toEqual([]);
});

it('ships only under licences that allow it', () => {
  const allowed =
    /^\(?(MIT|Apache-2\.0|BSD-[23]-Clause|ISC|0BSD|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0|Python-2\.0|Unlicense|OFL-1\.1|MIT-0|WTFPL|EUPL-1\.1)/;
  const other = packages
    .filter(
      ([path, entry]) =>
        path.includes('node_modules/') && !entry.dev && entry.license !== undefined && !allowed.test(entry.license),
    )
    .map(([path, entry]) => `${path}: ${entry.license ?? ''}`);
  expect(other).toEqual([]);
});
