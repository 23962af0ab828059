import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

import { afterEach, expect, it } from 'vitest';

import { ask } from '../stack/database.js';
import { type Ended, Product, type ProductOptions } from '../stack/product.js';

let product: Product | undefined;
afterEach(async () => {
  await product?.dispose();
  product = undefined;
});

async function prepared(options: ProductOptions = {}): Promise<Product> {
  product = await Product.prepare(options);
  return product;
}

/** One clear sentence for a person: exit code 1, no stack trace, the reason in it. */
function expectSentence({ code, output }: Ended, reason: RegExp): void {
  expect(output).toMatch(reason);
  expect(output).not.toMatch(/^\s+at .*:\d+/m);
  expect(code).toBe(1);
}

it('says that the port is in use', async () => {
  const program = await prepared();
  const squatter = createServer().listen(Number(program.env['PORT']), '127.0.0.1');
  await once(squatter, 'listening');
  expectSentence(await program.startToEnd(), new RegExp(`Port ${program.env['PORT'] ?? ''} .*in use.*PORT`));
  squatter.close();
});

it.each([
  [
    'no PostgreSQL answers',
    (url: URL) => (url.host = '127.0.0.1:1'),
    /No PostgreSQL answers at 127\.0\.0\.1:1\b.*DATABASE_URL/s,
  ],
  ['the password is wrong', (url: URL) => (url.password = 'wrong-password-mark'), /refuses the user .*DATABASE_URL/s],
  ['there is no such database', (url: URL) => (url.pathname = '/nowhere'), /no database "nowhere"/],
])('says that %s', async (_what, spoil, sentence) => {
  const program = await prepared();
  const url = new URL(program.databaseUrl);
  spoil(url);
  program.env['DATABASE_URL'] = url.href;
  const ended = await program.startToEnd();
  expectSentence(ended, sentence);
  expect(ended.output).not.toContain('wrong-password-mark');
});

it('says that the key is another one, before anything is read with it', async () => {
  const program = await prepared();
  await program.start();
  await program.stop();
  program.env['SECRET_KEYS'] = `k1:${randomBytes(32).toString('base64')}`;
  expectSentence(await program.startToEnd(), /SECRET_KEYS/);
});

it('says that a variable is wrong, and which', async () => {
  const program = await prepared({ env: { PORT: 'eighty' } });
  expectSentence(await program.startToEnd(), /PORT: must be a whole number/);
});

it('asks for keys where the database is an outside one', async () => {
  const program = await prepared({ env: { SECRET_KEYS: undefined } });
  expectSentence(await program.startToEnd(), /SECRET_KEYS.*DATABASE_URL/);
});

it('refuses the database of a newer version', async () => {
  const program = await prepared();
  await program.start();
  await program.stop();
  await ask(
    program.databaseUrl,
    `INSERT INTO schema_migration (timestamp, name) VALUES (9999999999999, 'Tomorrow9999999999999')`,
  );
  expectSentence(await program.startToEnd(), /Tomorrow9999999999999.*(version|backup)/s);
});

const EMBEDDED = { DATABASE_URL: undefined, SECRET_KEYS: undefined };

it('says that DATA_DIR cannot be a folder', async () => {
  const program = await prepared({ env: EMBEDDED });
  const file = join(program.home, 'file');
  writeFileSync(file, '');
  program.env['DATA_DIR'] = join(file, 'data');
  expectSentence(await program.startToEnd(), /DATA_DIR/);
});

it.runIf(process.getuid?.() === 0)(
  'says that DATA_DIR is read-only for its user, and runs as an ordinary user otherwise',
  async () => {
    const program = await prepared({ env: EMBEDDED });
    const data = join(program.home, 'data');
    program.asUser({ uid: 65_534, gid: 65_534 });
    mkdirSync(data, { mode: 0o555 });
    expectSentence(await program.startToEnd(), /DATA_DIR/);

    chmodSync(data, 0o777);
    await program.start();
    expect((await fetch(`${program.url}/health/ready`)).status).toBe(200);
  },
);

it('refuses a second start on a folder whose database was made by another PostgreSQL', async () => {
  const program = await prepared({ env: EMBEDDED });
  const version = join(program.home, 'data', 'postgres', 'PG_VERSION');
  mkdirSync(join(version, '..'), { recursive: true });
  writeFileSync(version, '17\n');
  expectSentence(await program.startToEnd(), /made by PostgreSQL 17/);
});

it('makes its key in DATA_DIR for its eyes only, says so, and keeps its data over a kill', async () => {
  const program = await prepared({ env: EMBEDDED });
  await program.start();
  const key = join(program.home, 'data', 'secret.key');
  expect(existsSync(key)).toBe(true);
  expect(program.output).toContain(key);
  expect(program.output).not.toContain(readFileSync(key, 'utf8').split(':')[1]?.trim() ?? 'no key');
  await program.kill();
  await program.start();
  expect((await fetch(`${program.url}/health/live`)).status).toBe(200);
});
