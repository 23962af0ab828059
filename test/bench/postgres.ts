import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';

import { cpuSecondsOf, endedSiblingsSeconds, proportionalMiB } from './child.ts';

/** The PostgreSQL of a run, with a fresh database for each contestant and round. It writes to the disk: that is part of the measure. */
export interface BenchPostgres {
  readonly version: string;
  createDatabase(): Promise<string>;
  /**
   * What a database has cost so far: processor seconds and memory (each shared page counted once) of its backends, and of all
   * that have ended, whosever they were; NaN where they run on another machine.
   */
  cost(databaseUrl: string): Promise<{ readonly cpuSeconds: number; readonly commits: number; readonly mib: number }>;
  stop(): Promise<void>;
}

/** DATABASE_URL (a user that may create databases), else the embedded PostgreSQL of the product in a folder of its own. */
export async function startPostgres(): Promise<BenchPostgres> {
  const given = process.env['DATABASE_URL'];
  const server = given === undefined ? await embedded() : { url: given, stop: () => Promise.resolve() };
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  const { rows } = await admin.query<{ version: string }>(
    `select current_setting('server_version') || ', fsync ' || current_setting('fsync') as version`,
  );
  const made: string[] = [];
  return {
    version: rows[0]?.version ?? '',
    async createDatabase() {
      const name = `bench_${randomBytes(6).toString('hex')}`;
      await admin.query(`create database ${name}`);
      made.push(name);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    async cost(databaseUrl) {
      const name = new URL(databaseUrl).pathname.slice(1);
      const { rows: backends } = await admin.query<{ pid: number }>(
        'select pid from pg_stat_activity where datname = $1',
        [name],
      );
      const { rows: stats } = await admin.query<{ commits: string }>(
        'select xact_commit as commits from pg_stat_database where datname = $1',
        [name],
      );
      return {
        cpuSeconds: backends.reduce(
          (sum, { pid }) => sum + cpuSecondsOf(pid),
          endedSiblingsSeconds(backends[0]?.pid ?? 0),
        ),
        commits: Number(stats[0]?.commits),
        mib: backends.reduce((sum, { pid }) => sum + proportionalMiB(pid), 0),
      };
    },
    async stop() {
      for (const name of made) await admin.query(`drop database if exists ${name} with (force)`);
      await admin.end();
      await server.stop();
    },
  };
}

async function embedded(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const { startEmbeddedPostgres } = await import('../../backend/dist/db/index.js');
  const home = mkdtempSync(join(tmpdir(), 'signalpost-bench-'));
  chmodSync(home, 0o755); // PostgreSQL's own user goes through it
  const server = await startEmbeddedPostgres({
    dataDir: join(home, 'data'),
    log: (line) => process.stdout.write(`${line}\n`),
  });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
