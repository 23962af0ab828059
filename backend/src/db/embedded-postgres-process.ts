import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { errorCode } from '../config/index.js';
import type { Account } from './embedded-postgres-account.js';

/** A PostgreSQL server process, ours or one that an earlier start left behind. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Holds its Unix socket; null: it has none. */
  readonly socketFolder: string | null;
}

/** The environment of PostgreSQL's programs: nothing of ours, which may hold secrets. */
export const PLAIN_ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LANG: 'C', TZ: 'UTC' };

/** The server that `postmaster.pid` names, if it lives. A file that a crash or a reboot left is taken away when its process is no PostgreSQL. */
export function runningServer(folder: string): ServerProcess | null {
  const file = join(folder, 'postmaster.pid');
  const lines = readLines(file);
  const pid = Number(lines[0]);
  if (!(pid > 0) || !isAlive(pid)) return null;
  if (!isPostgres(pid)) {
    rmSync(file, { force: true });
    return null;
  }
  const port = Number(lines[3]);
  return port > 0 ? { pid, port, socketFolder: lines[4] || null } : null;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // no file: no server
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Ended, but nobody asked how: where process 1 of a container reaps no orphans. */
function isZombie(pid: number): boolean {
  return (readLines(`/proc/${pid}/stat`)[0] ?? '').includes(') Z ');
}

/** After a reboot the number may be another program's. Where there is no /proc, the number alone must do. */
function isPostgres(pid: number): boolean {
  const name = readLines(`/proc/${pid}/comm`)[0];
  return name === undefined || name === 'postgres';
}

export interface Launch {
  readonly postgres: string;
  readonly folder: string;
  readonly logFile: string;
  readonly account: Account | null;
  /** Where its Unix socket is to be; null: it is reached over TCP alone. */
  readonly socketFolder: string | null;
  /** PostgreSQL settings, by name. */
  readonly settings: Readonly<Record<string, string>>;
}

export type Launched = { readonly server: ServerProcess; readonly exited: () => string | null };

/**
 * Starts a server in a session of its own (Ctrl-C is ours to handle) that outlives us (the next start adopts it).
 * `exited` tells the last words of a server that has ended.
 */
export async function launch({
  postgres,
  folder,
  logFile,
  account,
  socketFolder,
  settings,
}: Launch): Promise<Launched> {
  rotate(logFile);
  const output = openSync(logFile, 'a', 0o600);
  const before = statSync(logFile).size;
  const port = await freePort();
  const ways = { port: String(port), unix_socket_directories: socketFolder ?? '' };
  const options = Object.entries({ ...settings, ...ways }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(postgres, ['-D', folder, ...options], {
    ...account,
    cwd: '/',
    env: PLAIN_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let failure: string | null = null;
  child.on('error', (error) => (failure = error.message));
  let ended = false;
  child.on('exit', () => (ended = true));
  child.unref();
  // The log is read when somebody asks: much later, at the end of the server, its folder may be gone.
  const exited = () => failure ?? (ended ? lastWords(logFile, before) : null);
  return { server: { pid: child.pid ?? 0, port, socketFolder }, exited };
}

/** `sun_path` of a socket's address holds 108 bytes (unix(7)), the last of them zero. */
const LONGEST_SOCKET_PATH = 107;

/**
 * A Unix socket costs a third less than TCP for each question and answer. It stands in the data folder, which is open to nobody
 * else. @returns null where its path would be too long, or could not be written in PostgreSQL's list of folders
 */
export function socketFolderIn(folder: string): string | null {
  const path = join(folder, '.s.PGSQL.65535');
  return Buffer.byteLength(path) <= LONGEST_SOCKET_PATH && !/[,"]/.test(folder) ? folder : null;
}

const LOG_LIMIT = 10 * 1024 * 1024;

function rotate(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) renameSync(logFile, `${logFile}.1`);
}

function lastWords(logFile: string, from: number): string {
  const said = readFileSync(logFile).subarray(from).toString('utf8').split('\n');
  const worst =
    said.findLast((line) => /FATAL|PANIC/.test(line)) ?? said.findLast((line) => line !== '') ?? 'it said nothing';
  return worst.replace(/^.*?(FATAL|PANIC): +/, '');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Ends a server: open transactions roll back, what was committed is written. One that does not listen for 30 s is stopped hard. */
export async function endServer(pid: number): Promise<void> {
  signal(pid, 'SIGINT');
  for (let waited = 0; isAlive(pid); waited += 50) {
    if (waited === 30_000) signal(pid, 'SIGQUIT');
    await sleep(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended by itself
  }
}
