import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { errorCode, StartError } from '../config/index.js';
import { reasonOf } from './data-dir-problem.js';
import {
  endServer,
  isAlive,
  launch,
  type Launch,
  type Launched,
  runningServer,
  type ServerProcess,
} from './embedded-postgres-process.js';

export interface Lease {
  readonly url: string;
  stop(): Promise<void>;
}

interface Access {
  readonly launch: Launch;
  readonly password: string;
  readonly log: (line: string) => void;
}

const DATABASE = 'signalpost';

/** Everyone who uses an embedded server holds it shared; who gets it alone at the end is the last, and ends the server. */
const LEASE_LOCK = 7_301_102;

/** Codes of a server that comes up, goes down, or has just gone: the next look tells which. */
const IN_BETWEEN = new Set(['57P01', '57P03', 'ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Other starts of the same moment, a port that somebody took in between, children of a killed server that have not ended yet. */
const WORTH_ANOTHER_TRY =
  /postmaster\.pid|could not create any TCP\/IP sockets|shared memory block|Address already in use/;

const TRIES = 100;

/** A file system that has no sockets: over TCP it works there, too. */
const WITHOUT_SOCKETS = 'could not create any Unix-domain sockets';

/** Adopts the server that runs on the folder, or starts one, and takes a lease on it. */
export async function connectToServer(access: Access): Promise<Lease> {
  let started: Launched | null = null;
  let lastWords = '';
  let socketFolder = access.launch.socketFolder;
  for (let tries = 0; tries < TRIES; tries++) {
    const running = started?.server ?? runningServer(access.launch.folder);
    if (running === null) {
      started = await launch({ ...access.launch, socketFolder });
      continue;
    }
    const gone = () => (isAlive(running.pid) ? null : '');
    const lease = await tryLease(access, running, started?.exited ?? gone);
    if (typeof lease !== 'string') return lease;
    lastWords = lease;
    if (lastWords.includes(WITHOUT_SOCKETS)) socketFolder = null;
    else if (!WORTH_ANOTHER_TRY.test(lastWords) && lastWords !== '') break;
    started = null;
    await sleep(200);
  }
  throw new StartError(`PostgreSQL did not start: ${lastWords} (its log: ${access.launch.logFile}).`);
}

/** A lease, or the last words of a server that ended before it gave one. */
async function tryLease(access: Access, server: ServerProcess, exited: () => string | null): Promise<Lease | string> {
  for (let waited = 0; ; waited += 50) {
    const words = exited();
    if (words !== null) return words;
    try {
      return await takeLease(access.password, server);
    } catch (error) {
      if (!isInBetween(error)) throw refusal(access.launch.folder, error);
    }
    if (waited > 0 && waited % 5_000 === 0) access.log('PostgreSQL is still coming up (it recovers after a crash).');
    await sleep(50);
  }
}

function isInBetween(error: unknown): boolean {
  return IN_BETWEEN.has(errorCode(error) ?? '') || reasonOf(error).includes('terminated unexpectedly');
}

function refusal(folder: string, error: unknown): StartError {
  return new StartError(`The PostgreSQL that runs on ${folder} does not let us in: ${reasonOf(error)}.`);
}

async function takeLease(password: string, { pid, port, socketFolder }: ServerProcess): Promise<Lease> {
  const host = socketFolder === null ? '127.0.0.1' : encodeURIComponent(socketFolder);
  const server = `postgres://signalpost:${password}@${host}:${port}`;
  const client = new pg.Client({
    connectionString: `${server}/postgres`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    application_name: 'signalpost lease',
  });
  client.on('error', () => undefined); // whoever asks the database next tells that it is gone
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock_shared($1)', [LEASE_LOCK]);
    await ensureDatabase(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { url: `${server}/${DATABASE}`, stop: () => endLease(client, pid) };
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
  if (found.rowCount !== 0) return;
  await client.query(`CREATE DATABASE ${DATABASE}`).catch((error: unknown) => {
    if (!DATABASE_EXISTS.has(errorCode(error) ?? '')) throw error;
  });
}

/** Another start of the same moment was faster: seen before the row, or by its unique index. */
const DATABASE_EXISTS = new Set(['42P04', '23505']);

async function endLease(client: pg.Client, pid: number): Promise<void> {
  const last = await isLast(client).catch(() => false); // the server is gone already
  await client.end().catch(() => undefined);
  if (last) await endServer(pid);
}

async function isLast(client: pg.Client): Promise<boolean> {
  await client.query('SELECT pg_advisory_unlock_shared($1)', [LEASE_LOCK]);
  const result = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [LEASE_LOCK]);
  return result.rows[0]?.last === true;
}
