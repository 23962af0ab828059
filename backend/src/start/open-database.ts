import { errorCode, StartError, type Config } from '../config/index.js';
import { NewerSchemaError, openDatabase, startEmbeddedPostgres, type Database } from '../db/index.js';
import type { Log } from '../http/index.js';
import type { Closing } from './closing.js';

type DatabaseConfig = Pick<Config, 'databaseUrl' | 'databasePoolSize' | 'dataDir'>;

/**
 * The database of this process, migrated: the outside one of `DATABASE_URL`, else the embedded one in `DATA_DIR`.
 * @throws StartError with what is wrong with it and what to do
 */
export async function openProductDatabase(config: DatabaseConfig, log: Log, closing: Closing): Promise<Database> {
  const url = config.databaseUrl ?? (await startEmbedded(config, log, closing));
  try {
    const database = await openDatabase({ url, poolSize: config.databasePoolSize, entities: [] });
    closing.add(() => database.close());
    return database;
  } catch (error) {
    throw startErrorOf(error, new URL(url)) ?? error;
  }
}

async function startEmbedded(config: DatabaseConfig, log: Log, closing: Closing): Promise<string> {
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log: (line) => log.info(line) });
  closing.add(() => embedded.stop());
  return embedded.url;
}

/** PostgreSQL's and the network's codes as sentences. The password in the URL is never repeated. */
function startErrorOf(error: unknown, url: URL): StartError | undefined {
  if (error instanceof NewerSchemaError) return new StartError(error.message);
  const sentence = SENTENCES[errorCode(error) ?? '']?.(url);
  return sentence === undefined ? undefined : new StartError(`${sentence} Check DATABASE_URL.`);
}

const databaseOf = (url: URL): string => decodeURIComponent(url.pathname.slice(1));
/** A Unix socket's folder stands in place of the machine. */
const placeOf = (url: URL): string => decodeURIComponent(url.host);
const nobodyAnswers = (url: URL) =>
  `No PostgreSQL answers at ${placeOf(url)}: is it running, and may this machine reach it?`;
const signInRefused = (url: URL) =>
  `PostgreSQL at ${placeOf(url)} refuses the user "${decodeURIComponent(url.username)}": the name, the password or its pg_hba.conf is wrong.`;

const SENTENCES: Readonly<Record<string, (url: URL) => string>> = {
  ECONNREFUSED: nobodyAnswers,
  ENOENT: nobodyAnswers,
  EACCES: nobodyAnswers,
  ECONNRESET: nobodyAnswers,
  EHOSTUNREACH: nobodyAnswers,
  ENETUNREACH: nobodyAnswers,
  ETIMEDOUT: nobodyAnswers,
  ENOTFOUND: (url) => `There is no machine named "${url.hostname}".`,
  EAI_AGAIN: (url) => `The name "${url.hostname}" cannot be looked up.`,
  '28P01': signInRefused,
  '28000': signInRefused,
  '3D000': (url) =>
    `PostgreSQL at ${placeOf(url)} has no database "${databaseOf(url)}": create it with "createdb ${databaseOf(url)}".`,
  '42501': (url) =>
    `The database user may not create tables in "${databaseOf(url)}": make it the owner of the database.`,
  '53300': (url) =>
    `PostgreSQL at ${placeOf(url)} takes no more connections: raise max_connections or lower DATABASE_POOL_SIZE.`,
  '57P03': (url) => `PostgreSQL at ${placeOf(url)} is still starting: try again in a moment.`,
};
