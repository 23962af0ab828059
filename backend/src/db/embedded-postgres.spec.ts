import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { SHARED_HOME } from './embedded-postgres-account.js';
import { endServer, isAlive, runningServer } from './embedded-postgres-process.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.js';

let home: string;
let dataDir: string;
let lines: string[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'signalpost-pg-'));
  chmodSync(home, 0o755);
  dataDir = join(home, 'data');
  lines = [];
});
afterEach(async () => {
  const left = runningServer(folder());
  if (left !== null) await endServer(left.pid);
  if (folder().startsWith(SHARED_HOME)) rmSync(folder(), { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
});

const start = () => startEmbeddedPostgres({ dataDir, log: (line) => lines.push(line) });
const asRoot = process.getuid?.() === 0;

function folder(): string {
  const pointer = join(dataDir, 'postgres-location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : join(dataDir, 'postgres');
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

it('makes a database that keeps its data, checks its pages and writes what it commits to the disk', async () => {
  const first = await start();
  await ask(first, 'CREATE TABLE kept AS SELECT 7 AS answer');
  expect(await ask(first, 'SHOW data_checksums')).toBe('on');
  expect(await ask(first, 'SHOW fsync')).toBe('on');
  expect(await ask(first, 'SHOW server_version')).toMatch(/^18/);
  await first.stop();
  expect(runningServer(folder())).toBeNull();

  const second = await start();
  expect(await ask(second, 'SELECT answer FROM kept')).toBe(7);
  await second.stop();
});

it('is reached over a Unix socket in its folder, and over TCP as well', async () => {
  const server = await start();
  expect(await ask(server, 'SELECT inet_server_addr()::text')).toBeNull();
  expect(decodeURIComponent(new URL(server.url).hostname)).toBe(folder());
  const overTcp = new URL(server.url);
  overTcp.hostname = '127.0.0.1';
  expect(await ask({ ...server, url: overTcp.href }, 'SELECT inet_server_addr()::text')).toBe('127.0.0.1/32');
  await server.stop();
});

it('is reached over TCP alone where the path of a socket would be too long', async () => {
  dataDir = join(home, 'd'.repeat(100));
  const server = await start();
  expect(await ask(server, 'SELECT inet_server_addr()::text')).toBe('127.0.0.1/32');
  await server.stop();
});

it('lets nobody in without the password, which only the owner of the folder can read', async () => {
  const server = await start();
  const stranger = new pg.Client({ connectionString: server.url.replace(/:[^:@]+@/, ':guess@') });
  await expect(stranger.connect()).rejects.toThrow('password authentication failed');
  expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
  expect(await ask(server, 'SHOW listen_addresses')).toBe('127.0.0.1');
  await server.stop();
});

it('adopts the server that a killed process left behind', async () => {
  const first = await start();
  await ask(first, 'CREATE TABLE kept AS SELECT 7 AS answer');
  const pid = runningServer(folder())?.pid;

  const second = await start();
  expect(runningServer(folder())?.pid).toBe(pid);
  expect(await ask(second, 'SELECT answer FROM kept')).toBe(7);
  await second.stop();
  await first.stop();
});

it('ends the server with its last user, not before', async () => {
  const product = await start();
  const commandLine = await start();
  await commandLine.stop();
  expect(await ask(product, 'SELECT 1')).toBe(1);
  await product.stop();
  expect(runningServer(folder())).toBeNull();
});

it('recovers what was committed when the server itself is killed', async () => {
  const first = await start();
  await ask(first, 'CREATE TABLE kept AS SELECT 7 AS answer');
  const pid = runningServer(folder())?.pid ?? 0;
  process.kill(pid, 'SIGKILL');

  const second = await start();
  expect(await ask(second, 'SELECT answer FROM kept')).toBe(7);
  await second.stop();
});

it('is not misled by a file of a former start whose process number is another program now', async () => {
  await (await start()).stop();
  const stranger = spawn('sleep', ['60']);
  await once(stranger, 'spawn');
  writeFileSync(join(folder(), 'postmaster.pid'), `${stranger.pid}\n${folder()}\n0\n5432\n\n127.0.0.1\n0 0\nready\n`);
  const server = await start();
  expect(await ask(server, 'SELECT 1')).toBe(1);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill();
  await server.stop();
});

it('lets several starts of one moment share one server', async () => {
  const all = await Promise.all([start(), start()]);
  expect(all[0].url).toBe(all[1].url);
  for (const server of all) await server.stop();
});

it('begins anew where a kill came while the database was being made', async () => {
  mkdirSync(join(dataDir, 'postgres.making', 'base'), { recursive: true });
  const server = await start();
  expect(await ask(server, 'SELECT 1')).toBe(1);
  await server.stop();
});

it('refuses the data of another PostgreSQL version and says the way out', async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'PG_VERSION'), '17\n');
  await expect(start()).rejects.toThrow(/made by PostgreSQL 17, .* brings PostgreSQL 18.*pg_dump/);
});

it('tells which folder cannot be used, and why', async () => {
  writeFileSync(join(home, 'file'), '');
  dataDir = join(home, 'file', 'data');
  await expect(start()).rejects.toThrow(`DATA_DIR (${dataDir}) cannot be used: a part of the path is not a folder`);
});

it('touches no folder that holds something else', async () => {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(join(folder(), 'letter.txt'), 'mine');
  await expect(start()).rejects.toThrow('holds something that is no database');
  expect(readFileSync(join(folder(), 'letter.txt'), 'utf8')).toBe('mine');
});

it.runIf(asRoot)(
  `puts the database to ${SHARED_HOME} where PostgreSQL's user cannot reach the folder, and finds it again`,
  async () => {
    chmodSync(home, 0o700);
    const first = await start();
    expect(folder()).toContain(SHARED_HOME);
    expect(lines.join('\n')).toContain(`cannot reach ${dataDir}: the database goes to ${SHARED_HOME}`);
    await ask(first, 'CREATE TABLE kept AS SELECT 7 AS answer');
    await first.stop();

    const second = await start();
    expect(await ask(second, 'SELECT answer FROM kept')).toBe(7);
    await second.stop();
  },
);

it.runIf(asRoot)('never runs PostgreSQL as root', async () => {
  const server = await start();
  const owner = execFileSync('ps', ['-o', 'user=', '-p', String(runningServer(folder())?.pid)], { encoding: 'utf8' });
  expect(owner.trim()).not.toBe('root');
  await server.stop();
});
