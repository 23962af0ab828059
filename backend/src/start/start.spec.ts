import 'reflect-metadata';

import { createServer, type AddressInfo } from 'node:net';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Demo } from '@signalpost/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { loadConfig, StartError } from '../config/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { createFastify, createLog } from '../http/index.js';
import { Closing } from './closing.js';
import { openProductDatabase } from './open-database.js';
import { describeFailure } from './outcome.js';
import { readyMessage } from './ready-message.js';
import { listen } from './listen.js';

@Module({})
class Empty {}

const log = createLog('silent');
const KEYS = `k1:${Buffer.alloc(32).toString('base64')}`;

let database: Database & { readonly url: string };
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const failure = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartError);
  return error instanceof StartError ? error.message : '';
};
const open = (change: (url: URL) => void) => {
  const url = new URL(database.url);
  change(url);
  const config = loadConfig({ DATABASE_URL: url.href, SECRET_KEYS: KEYS });
  return failure(openProductDatabase(config, log, new Closing()));
};

it('says in one sentence what is wrong with DATABASE_URL, without the password', async () => {
  const sentences = [
    await open((url) => (url.host = '127.0.0.1:1')),
    await open((url) => (url.host = '%2Fno%2Fsuch%2Ffolder:1')),
    await open((url) => (url.hostname = 'no-such-machine.invalid')),
    await open((url) => (url.pathname = '/nowhere')),
    await open((url) => (url.username = 'nobody')),
  ];
  expect(sentences).toEqual([
    expect.stringMatching(/^No PostgreSQL answers at 127\.0\.0\.1:1: is it running.*Check DATABASE_URL\.$/),
    expect.stringMatching(/^No PostgreSQL answers at \/no\/such\/folder:1: /),
    expect.stringMatching(/no-such-machine\.invalid/),
    expect.stringMatching(/has no database "nowhere": create it with "createdb nowhere"/),
    expect.stringMatching(/refuses the user "nobody"/),
  ]);
  for (const sentence of sentences) expect(sentence).not.toContain(new URL(database.url).password + '@');
});

it('refuses a database of a newer version', async () => {
  const newer = await createTestDatabase();
  await newer.query(`INSERT INTO schema_migration (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
  const config = loadConfig({ DATABASE_URL: newer.url, SECRET_KEYS: KEYS });
  expect(await failure(openProductDatabase(config, log, new Closing()))).toContain('Later9999999999999');
  await newer.close();
});

it('names the port that is in use', async () => {
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const { port } = squatter.address() as AddressInfo; // of a TCP server
  const app = await NestFactory.create<NestFastifyApplication>(Empty, createFastify({ trustedProxies: [] }), {
    logger: false,
  });
  expect(await failure(listen(app, { port, host: '127.0.0.1' }))).toContain(`Port ${port} on 127.0.0.1 is in use`);
  await app.close();
  squatter.close();
});

it('closes what was opened in the opposite order, whatever fails on the way', async () => {
  const closing = new Closing();
  const closed: string[] = [];
  closing.add(() => void closed.push('database'));
  closing.add(() => Promise.reject(new Error('stuck')));
  closing.add(() => void closed.push('app'));
  await closing.run(log);
  await closing.run(log);
  expect(closed).toEqual(['app', 'database']);
});

it('shows a known failure as its sentence and an unknown one with its place', () => {
  expect(describeFailure(new StartError('Set PORT.'))).toBe('Set PORT.');
  expect(describeFailure(new TypeError('x is not a function'))).toMatch(
    /does not know:\nTypeError: x is not a function\n\s+at /,
  );
});

it('says where to go, who can sign in and one line to try', () => {
  const accounts: Demo['accounts'] = [
    { email: 'a@example.org', password: 'change-me-now', role: 'tenant-administrator' },
  ];
  const text = readyMessage({
    publicUrl: 'http://localhost:8080',
    setupLink: undefined,
    demo: { accounts, tryIt: 'curl …' },
  });
  expect(text).toContain('Signalpost is ready: http://localhost:8080\n');
  expect(text).toContain('  a@example.org  change-me-now  tenant administrator\n');
  expect(text).toContain('\n  curl …\n');
  const setupLink = 'http://localhost:8080/setup?token=x';
  expect(readyMessage({ publicUrl: 'http://localhost:8080', setupLink, demo: undefined })).toContain(
    `  ${setupLink}\n`,
  );
});
