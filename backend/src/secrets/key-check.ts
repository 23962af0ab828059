import { createHmac, timingSafeEqual } from 'node:crypto';

import { StartError, type SecretKey } from '../config/index.js';
import type { Queryable } from '../db/index.js';

/** What a key makes of a fixed text: tells a wrong key from the right one without holding anything worth stealing. */
const checkValue = (key: SecretKey): string =>
  createHmac('sha256', key.key).update('signalpost secret key check').digest('base64');

/**
 * Compares the keys with those that this database has seen; new ones are noted. Call it once at start.
 * @throws StartError when a key of a known name is another key: nothing it sealed would open
 */
export async function checkSecretKeys(db: Queryable, keys: readonly SecretKey[]): Promise<void> {
  for (const key of keys) {
    await db.query('INSERT INTO secret_key (kid, check_value) VALUES ($1, $2) ON CONFLICT DO NOTHING', [
      key.kid,
      checkValue(key),
    ]);
    const [known] = await db.query<{ check_value: string }>('SELECT check_value FROM secret_key WHERE kid = $1', [
      key.kid,
    ]);
    if (known === undefined || !equal(known.check_value, checkValue(key))) throw new StartError(wrongKey(key.kid));
  }
}

function equal(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

const wrongKey = (kid: string): string =>
  `The secret key "${kid}" is not the one that sealed this database's secrets. ` +
  'Set SECRET_KEYS (or restore DATA_DIR/secret.key) to that key; to begin with a new key, give it another name and keep the old one behind it.';
