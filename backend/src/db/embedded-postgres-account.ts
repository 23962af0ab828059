import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';

import { StartError } from '../config/index.js';

/** The account that PostgreSQL's processes run as; `null` where they run as ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where an account finds what it cannot reach under a closed home. */
export const SHARED_HOME = '/var/lib/signalpost';

/**
 * PostgreSQL refuses to run as root, so root lends it an account: the owner of the data where there are some,
 * else `postgres` (made when it is missing), else `nobody`.
 */
export function serverAccount(existingData: string | null): Account | null {
  if (process.getuid?.() !== 0) return null;
  const owner = existingData === null ? null : statSync(existingData);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp('postgres') ?? createPostgres() ?? lookUp('nobody') ?? refuse();
}

function refuse(): never {
  throw new StartError(
    'PostgreSQL does not run as root, and the user "postgres" could not be made: start Signalpost as an ordinary user.',
  );
}

function createPostgres(): Account | null {
  const options = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    SHARED_HOME,
    '--shell',
    '/usr/sbin/nologin',
  ];
  run('useradd', [...options, 'postgres']);
  return lookUp('postgres');
}

function lookUp(name: string): Account | null {
  const uid = run('id', ['-u', name]);
  const gid = run('id', ['-g', name]);
  return uid === null || gid === null ? null : { uid: Number(uid), gid: Number(gid) };
}

/** Whether the account can go through all the folders down to this one. */
export function canReach(account: Account | null, folder: string): boolean {
  return run('test', ['-x', folder], account) !== null;
}

/** What the program prints, or `null` when it failed. */
function run(program: string, args: readonly string[], account: Account | null = null): string | null {
  try {
    return execFileSync(program, args, {
      ...account,
      cwd: '/',
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null; // the program is missing or says no: the caller has another way
  }
}
