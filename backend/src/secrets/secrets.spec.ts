import { randomBytes } from 'node:crypto';

import { mailServerSettingsSchema } from '@signalpost/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';

import type { SecretKey } from '../config/index.js';
import type { Database } from '../db/index.js';
import { createTestDatabase } from '../db/test-database.testing.js';
import { checkSecretKeys } from './key-check.js';
import { SecretBox } from './secret-box.js';
import { mapSecrets } from './secret-fields.js';

const key = (kid: string): SecretKey => ({ kid, key: randomBytes(32) });
const place = { tenantId: 't1', entity: 'mail_server/1', field: 'auth.password' };

let db: Database;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it('gives back what it sealed, and nothing in the sealed text tells it', () => {
  const box = new SecretBox([key('k1')]);
  const sealed = box.seal('pässword', place);
  expect(sealed).not.toContain('pässword');
  expect(box.seal('pässword', place)).not.toBe(sealed);
  expect(box.open(sealed, place)).toBe('pässword');
});

it.each([
  ['another tenant', { ...place, tenantId: 't2' }],
  ['another entity', { ...place, entity: 'mail_server/2' }],
  ['another field', { ...place, field: 'auth.username' }],
  ['parts that only join to the same text', { tenantId: 't1mail', entity: '_server/1', field: place.field }],
])('does not open for %s', (_what, elsewhere) => {
  const box = new SecretBox([key('k1')]);
  const sealed = box.seal('secret', place);
  expect(() => box.open(sealed, elsewhere)).toThrow(/cannot be opened.*Enter it again/);
});

it('does not open what was changed', () => {
  const box = new SecretBox([key('k1')]);
  const sealed = box.seal('secret', place);
  for (const damaged of [sealed.slice(0, -6), `${sealed.slice(0, -4)}AAAA`, 's1:k1:', 'secret', ''])
    expect(() => box.open(damaged, place)).toThrow(/cannot be opened/);
});

it('seals with the first key and opens with every key it has', () => {
  const [old, young] = [key('old'), key('young')];
  const sealed = new SecretBox([old]).seal('secret', place);
  const box = new SecretBox([young, old]);
  expect(box.open(sealed, place)).toBe('secret');
  expect(box.seal('secret', place)).toMatch(/^s1:young:/);
  expect(() => new SecretBox([young]).open(sealed, place)).toThrow(
    'is sealed with the key "old". Add that key to SECRET_KEYS.',
  );
});

it('notices another key under a known name, and takes new names', async () => {
  const [first, second] = [key('main'), key('next')];
  await checkSecretKeys(db, [first]);
  await checkSecretKeys(db, [second, first]);
  await expect(checkSecretKeys(db, [key('main')])).rejects.toThrow(/^The secret key "main" is not the one/);
  expect(JSON.stringify(await db.query('SELECT * FROM secret_key'))).not.toContain(first.key.toString('base64'));
});

it('finds the secrets of a value where its schema marks them, and nowhere else', () => {
  const settings = mailServerSettingsSchema.parse({
    provider: 'custom',
    from: 'a@example.org',
    host: 'smtp.example.org',
    auth: { kind: 'basic', username: 'u', password: 'p' },
  });
  const seen: string[] = [];
  const masked = mapSecrets(mailServerSettingsSchema, settings, (value, field) => {
    seen.push(`${field}=${value}`);
    return null;
  });
  expect(seen).toEqual(['auth.password=p']);
  expect(masked).toEqual({ ...settings, auth: { kind: 'basic', username: 'u', password: null } });
  expect(
    mapSecrets(mailServerSettingsSchema, { ...settings, auth: { kind: 'none' } }, () => 'never'),
  ).not.toMatchObject({ auth: 'never' });
});

it('looks into lists, records and optional parts', () => {
  const secret = z.string().meta({ secret: true });
  const schema = z.object({
    list: z.array(secret),
    map: z.record(z.string(), z.object({ s: secret })),
    maybe: secret.optional(),
  });
  const value = { list: ['a'], map: { x: { s: 'b' } }, maybe: 'c' };
  expect(mapSecrets(schema, value, (text, field) => `${field}:${text}`)).toEqual({
    list: ['list.0:a'],
    map: { x: { s: 'map.x.s:b' } },
    maybe: 'maybe:c',
  });
});
