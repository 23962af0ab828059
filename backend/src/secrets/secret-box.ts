import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

import type { SecretKey } from '../config/index.js';

/** What a secret belongs to. It is bound into the seal: a sealed value moved elsewhere does not open. */
export interface SecretPlace {
  readonly tenantId: string;
  /** Kind and id, for example `mail_server/0198…`. */
  readonly entity: string;
  /** Dotted path within the entity, for example `auth.password`. */
  readonly field: string;
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 's1';

/** A stored secret that cannot be opened; the sentence never holds the secret. */
export class SecretError extends Error {}

/**
 * Seals secrets for the database: AES-256-GCM with a random nonce (NIST SP 800-38D), `s1:kid:base64url(nonce, text, tag)`.
 * The first key seals, every key opens, so that keys can be exchanged while the product runs.
 */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #active: SecretKey;

  constructor(keys: readonly SecretKey[]) {
    const active = keys[0];
    if (active === undefined) throw new SecretError('There is no secret key. Set SECRET_KEYS.');
    this.#active = active;
    this.#keys = new Map(keys.map(({ kid, key }) => [kid, key]));
  }

  seal(plain: string, place: SecretPlace): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.#active.key, iv).setAAD(bind(place));
    const parts = [iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()];
    return [VERSION, this.#active.kid, Buffer.concat(parts).toString('base64url')].join(':');
  }

  /** @throws SecretError when the key is not known, or the value was changed or belongs elsewhere */
  open(sealed: string, place: SecretPlace): string {
    const [version, kid = '', body = ''] = sealed.split(':');
    const key = this.#keys.get(kid);
    const bytes = Buffer.from(body, 'base64url');
    if (version !== VERSION || bytes.length < IV_BYTES + TAG_BYTES) throw new SecretError(damaged(place));
    if (key === undefined)
      throw new SecretError(`${named(place)} is sealed with the key "${kid}". Add that key to SECRET_KEYS.`);
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(bind(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new SecretError(damaged(place));
    }
  }

  /** The key that seals. */
  get activeKid(): string {
    return this.#active.kid;
  }

  /** The same secret, sealed by the active key. @throws SecretError as `open` */
  reseal(sealed: string, place: SecretPlace): string {
    return this.seal(this.open(sealed, place), place);
  }

  /** Passwords that are derived instead of stored, one for each key; the first is the one to give out. */
  derive(purpose: string): readonly [string, ...string[]] {
    const derived = [...this.#keys.values()].map((key) =>
      createHmac('sha256', key).update(purpose).digest('base64url'),
    );
    return [derived[0] ?? '', ...derived.slice(1)];
  }
}

/** Length-prefixed, so that no two places give the same bytes. */
function bind({ tenantId, entity, field }: SecretPlace): Buffer {
  return Buffer.from([tenantId, entity, field].map((part) => `${part.length}:${part}`).join(''));
}

const named = ({ entity, field }: SecretPlace) => `The secret "${field}" of ${entity}`;
const damaged = (place: SecretPlace) =>
  `${named(place)} cannot be opened: it is damaged or from elsewhere. Enter it again.`;
