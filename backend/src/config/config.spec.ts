import { chmodSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { configTable, isLoopback, loadConfig, prepareSecretKeys, StartError } from './index.js';

const KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const folder = () => mkdtempSync(join(tmpdir(), 'signalpost-config-'));
const fileWith = (text: string): string => {
  const file = join(folder(), 'value');
  writeFileSync(file, text);
  return file;
};
const refusal = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof StartError) return error.message;
  }
  throw new Error('was not refused');
};

it('has a default for everything that one machine needs', () => {
  expect(loadConfig({})).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8080',
    demo: false,
    databaseUrl: undefined,
    sandboxSmtpPort: 2525,
    egressAllow: [],
    logLevel: 'info',
  });
});

it('reads a value from the file that NAME_FILE names, trimmed', () => {
  expect(loadConfig({ PORT_FILE: fileWith(' 9000\n') })).toMatchObject({
    port: 9000,
    publicUrl: 'http://localhost:9000',
  });
});

it('takes an empty variable for unset', () => {
  expect(loadConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 8080, databaseUrl: undefined });
});

it('names every bad variable in a line of its own, with what it must be, and never repeats a value', () => {
  const message = refusal({
    PORT: '70000',
    PUBLIC_URL: 'signalpost.example.org/app',
    SECRET_KEYS: 'hunter2',
    DEMO: 'maybe',
  });
  expect(message.split('\n')).toEqual([
    'The configuration is not valid.',
    'PORT: must be a whole number from 0 to 65535.',
    'PUBLIC_URL: must be like https://signalpost.example.org, without a path.',
    expect.stringMatching(/^SECRET_KEYS: must be "kid:base64 of 32 bytes"/),
    'DEMO: must be true or false.',
  ]);
  expect(message).not.toContain('hunter2');
});

it('refuses a variable given twice and a file that cannot be read', () => {
  expect(refusal({ PORT: '1', PORT_FILE: fileWith('2') })).toContain('PORT: is set twice');
  expect(refusal({ SECRET_KEYS_FILE: '/nowhere/key' })).toContain(
    'SECRET_KEYS_FILE: /nowhere/key cannot be read (ENOENT)',
  );
});

it('asks for SECRET_KEYS when the database is an outside one', () => {
  const outside = { DATABASE_URL: 'postgres://u:p@db/signalpost' };
  expect(refusal(outside)).toContain('SECRET_KEYS: is needed together with DATABASE_URL');
  expect(loadConfig({ ...outside, SECRET_KEYS: KEY }).secretKeys).toEqual([{ kid: 'k1', key: Buffer.alloc(32, 7) }]);
});

it('refuses two keys of one name', () => {
  expect(refusal({ SECRET_KEYS: `${KEY},${KEY}` })).toContain('each kid once');
});

it('makes a key that only its owner reads, once', () => {
  const dataDir = join(folder(), 'new');
  const first = prepareSecretKeys({ dataDir, secretKeys: undefined });
  expect(first.madeFile).toBe(join(dataDir, 'secret.key'));
  expect(statSync(join(dataDir, 'secret.key')).mode & 0o777).toBe(0o600);
  const second = prepareSecretKeys({ dataDir, secretKeys: undefined });
  expect(second).toEqual({ keys: first.keys });
});

it('says what to do about a folder that cannot hold the key and about a damaged key', () => {
  const notAFolder = fileWith('');
  expect(() => prepareSecretKeys({ dataDir: notAFolder, secretKeys: undefined })).toThrow(
    /cannot be written .* set DATA_DIR/,
  );
  const dataDir = folder();
  writeFileSync(join(dataDir, 'secret.key'), 'broken');
  chmodSync(join(dataDir, 'secret.key'), 0o600);
  expect(() => prepareSecretKeys({ dataDir, secretKeys: undefined })).toThrow(/secret\.key is damaged/);
});

it('tells addresses that only this machine reaches', () => {
  expect(['127.0.0.1', '127.8.9.1', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '10.0.0.1', 'example.org', '127.0.0.1.example.org'].some(isLoopback)).toBe(false);
});

it('lists every variable with its default and its meaning', () => {
  expect(configTable('text')).toMatch(/^PORT +8080 +TCP port/m);
  expect(configTable('markdown')).toContain('| `HOST` | `127.0.0.1` | Address to listen on');
});
