import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';

import { StartError } from '../config/index.js';
import { type Account, canReach, serverAccount, SHARED_HOME } from './embedded-postgres-account.js';
import { type Binaries, usableBinaries } from './embedded-postgres-binaries.js';
import { connectToServer } from './embedded-postgres-connection.js';
import { onDataDir, reasonOf } from './data-dir-problem.js';
import { PLAIN_ENVIRONMENT, socketFolderIn } from './embedded-postgres-process.js';

export interface EmbeddedPostgresOptions {
  /** Holds the database, its password (0600) and its log; made when missing. */
  readonly dataDir: string;
  /** Takes one line for a person. */
  readonly log: (line: string) => void;
  /** PostgreSQL settings by name, over ours. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface EmbeddedPostgres {
  /** `postgres://…` of the database `signalpost`, over its Unix socket where it has one, else over 127.0.0.1. */
  readonly url: string;
  /** Ends the server, unless another process (the command line beside the product) still uses it. */
  stop(): Promise<void>;
}

/** What stands fixed for a data folder before a server runs in it. */
interface Place {
  readonly folder: string;
  readonly account: Account | null;
  readonly passwordFile: string;
  readonly logFile: string;
}

/**
 * A real PostgreSQL from npm on the data folder: made when there is none, adopted when one runs already (also after
 * `kill -9` of the process that started it), started otherwise.
 * @throws StartError with one sentence for a person.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const place = onDataDir(dataDir, () => preparePlace(dataDir, options.log));
  const copyHome = place.account === null ? dataDir : SHARED_HOME;
  const binaries = onDataDir(dataDir, () => usableBinaries(place.account, copyHome, options.log));
  refuseOtherVersion(place.folder, binaries.major);
  if (!existsSync(join(place.folder, 'PG_VERSION'))) onDataDir(dataDir, () => initialise(place, binaries, options.log));
  return connectToServer({
    launch: {
      ...place,
      postgres: binaries.postgres,
      socketFolder: socketFolderIn(place.folder),
      settings: { ...SETTINGS, ...options.settings },
    },
    password: readPassword(place.passwordFile),
    log: options.log,
  });
}

/** Half of PostgreSQL's default `shared_buffers`: as fast with what the product touches again and again, and small where it is all there is. */
const SETTINGS = { listen_addresses: '127.0.0.1', timezone: 'UTC', log_timezone: 'UTC', shared_buffers: '64MB' };

function preparePlace(dataDir: string, log: (line: string) => void): Place {
  mkdirSync(dataDir, { recursive: true });
  accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  const existing = existingFolder(dataDir);
  const account = serverAccount(existing);
  const folder = existing ?? newFolder(dataDir, account, log);
  refuseForeignOwner(folder);
  if (existing !== null && !canReach(account, folder))
    throw new StartError(
      `PostgreSQL's user cannot reach its data in ${folder}. Let others pass the folders above it (chmod o+x), or move DATA_DIR.`,
    );
  return { folder, account, passwordFile: join(dataDir, 'postgres-password'), logFile: join(dataDir, 'postgres.log') };
}

/** Names the folder of the data where they could not stand in DATA_DIR itself. */
const pointerFile = (dataDir: string) => join(dataDir, 'postgres-location');

function existingFolder(dataDir: string): string | null {
  const pointer = pointerFile(dataDir);
  const folder = existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(dataDir, 'postgres');
  return existsSync(folder) ? folder : null;
}

function newFolder(dataDir: string, account: Account | null, log: (line: string) => void): string {
  if (canReach(account, dataDir)) return join(dataDir, 'postgres');
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 12);
  const folder = join(SHARED_HOME, `postgres-${name}`);
  log(`PostgreSQL's user cannot reach ${dataDir}: the database goes to ${folder}.`);
  mkdirSync(SHARED_HOME, { recursive: true });
  writeFileSync(pointerFile(dataDir), `${folder}\n`);
  return folder;
}

function refuseForeignOwner(folder: string): void {
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  const self = process.getuid?.();
  if (owner === undefined || self === undefined || self === 0 || owner === self) return;
  throw new StartError(
    `The database in ${folder} belongs to another user (${owner}). Start Signalpost as the user that made it, or set another DATA_DIR.`,
  );
}

function refuseOtherVersion(folder: string, major: number): void {
  const file = join(folder, 'PG_VERSION');
  const made = existsSync(file) ? readFileSync(file, 'utf8').trim() : String(major);
  if (made === String(major)) return;
  throw new StartError(
    `The database in ${folder} was made by PostgreSQL ${made}, and this Signalpost brings PostgreSQL ${major}. ` +
      `Dump it with the version that made it (pg_dump) and restore it into an empty DATA_DIR, or run a PostgreSQL ${made} of your own and set DATABASE_URL.`,
  );
}

/** In a folder beside the place, renamed when whole: a kill in between leaves no half database behind. */
function initialise({ folder, account, passwordFile }: Place, binaries: Binaries, log: (line: string) => void): void {
  if (existsSync(folder)) rmdirSync(folder);
  log(`Making a database in ${folder}.`);
  const unfinished = `${folder}.making`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  const handedOver = `${unfinished}-password`;
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  writeFileSync(handedOver, readFileSync(passwordFile), { mode: 0o600 });
  if (account !== null) for (const path of [unfinished, handedOver]) chownSync(path, account.uid, account.gid);
  try {
    execFileSync(binaries.initdb, ['-D', unfinished, `--pwfile=${handedOver}`, ...INITDB_OPTIONS], {
      ...account,
      cwd: '/',
      env: PLAIN_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    throw new StartError(`PostgreSQL could not make its database in ${folder}: ${reasonOf(error)}`);
  } finally {
    rmSync(handedOver, { force: true });
  }
  renameSync(unfinished, folder);
}

const INITDB_OPTIONS = [
  '--username=signalpost',
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--data-checksums',
  '--no-instructions',
];

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartError(
      `The password of the embedded database (${file}) cannot be read: ${reasonOf(error)}. Restore the file from a backup.`,
    );
  }
}
