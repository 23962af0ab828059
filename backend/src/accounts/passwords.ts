import { randomBytes } from 'node:crypto';

import { hash, verify, type Options } from '@node-rs/argon2';

/** OWASP's recommendation for argon2id (the library's default kind): 19 MiB, two passes, one lane. The cost stands in the hash, so it can grow later. */
const COST: Options = { memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 };

/** Hashing of passwords; the work runs outside of the event loop. */
export class Passwords {
  /** Checked where there is no hash, so that an unknown address costs the same time as a known one. */
  readonly #nobody = this.hash(randomBytes(16).toString('hex'));

  hash(password: string): Promise<string> {
    return hash(password, COST);
  }

  /** @param stored null for a user without a password, undefined for an unknown user: both are false, as slowly as a wrong password */
  async matches(password: string, stored: string | null | undefined): Promise<boolean> {
    const correct = await verify(stored ?? (await this.#nobody), password);
    return correct && typeof stored === 'string';
  }
}
