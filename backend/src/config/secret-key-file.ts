import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from './load-config.js';
import { SECRET_KEY_BYTES, secretKeys, type SecretKey } from './secret-keys.js';
import { errorCode, StartError } from './start-error.js';

export interface SecretKeys {
  /** The first seals, all open. */
  readonly keys: readonly SecretKey[];
  /** The file that was made by this call, if one was: worth a line in the log. */
  readonly madeFile?: string;
}

/**
 * The keys from `SECRET_KEYS`, else those of `DATA_DIR/secret.key`, which is made (mode 0600) at the first start.
 * @throws StartError when the file cannot be read, made or understood
 */
export function prepareSecretKeys(config: Pick<Config, 'secretKeys' | 'dataDir'>): SecretKeys {
  if (config.secretKeys !== undefined) return { keys: config.secretKeys };
  const file = join(config.dataDir, 'secret.key');
  makeFolder(config.dataDir);
  return makeFile(config.dataDir, file) ? { keys: readKeys(file), madeFile: file } : { keys: readKeys(file) };
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Two first starts at once agree on one file: `wx` lets one of them make it. */
function makeFile(folder: string, file: string): boolean {
  try {
    writeFileSync(file, `k1:${randomBytes(SECRET_KEY_BYTES).toString('base64')}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw unusable(folder, error);
  }
}

function readKeys(file: string): readonly SecretKey[] {
  const parsed = secretKeys.safeParse(readText(file).trim());
  if (parsed.success) return parsed.data;
  throw new StartError(
    `${file} is damaged: it must hold "kid:base64 of 32 bytes". Put it back from a backup, or set SECRET_KEYS.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StartError(
      `${file} cannot be read (${errorCode(error) ?? 'unknown error'}). Let the user of this process read it.`,
    );
  }
}

function unusable(folder: string, error: unknown): StartError {
  const reason = errorCode(error) ?? 'unknown error';
  return new StartError(
    `The folder ${folder} cannot be written (${reason}). Make it writable, or set DATA_DIR to one that is.`,
  );
}
