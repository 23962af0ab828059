import type { Claims } from './claims.js';
import type { DeliveryKey, ToClaim } from './delivery-rows.js';

/**
 * The mails that this process knows to have claimed. A statement whose answer never came may have claimed others, or may
 * not have given back what it should: those are this process's by the table, and nobody's in truth.
 */
export class UnderWay {
  readonly #ids = new Set<string>();
  #doubtful = false;
  #resolving: Promise<void> | undefined;

  constructor(private readonly claims: Claims) {}

  get ids(): string[] {
    return [...this.#ids];
  }

  /**
   * Known from before the claim on, or the table might say that they are ours and nobody know of it.
   * @returns the ids of those that are this process's now
   */
  async claim(mails: readonly ToClaim[]): Promise<Set<string>> {
    await this.#resolving?.catch(() => undefined); // it knows nothing of what is claimed from now on
    const ids = mails.map(({ mail }) => mail.id);
    for (const id of ids) this.#ids.add(id);
    try {
      const ours = await this.claims.claim(mails);
      for (const id of ids) if (!ours.has(id)) this.#ids.delete(id);
      return ours;
    } catch (error) {
      for (const id of ids) this.#ids.delete(id);
      this.#doubtful = true;
      throw error;
    }
  }

  /** They are settled, or another's. */
  forget(mails: readonly Pick<DeliveryKey, 'id'>[]): void {
    for (const { id } of mails) this.#ids.delete(id);
  }

  async giveBack(mails: readonly DeliveryKey[]): Promise<void> {
    this.forget(mails);
    try {
      await this.claims.giveBack(mails);
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
  }

  /** What the table says is ours and we know nothing of, waits again. */
  async resolveDoubts(owner: number): Promise<void> {
    if (!this.#doubtful) return;
    this.#doubtful = false; // before the question: what becomes doubtful meanwhile stays so
    this.#resolving = this.claims.giveBackUnknown(owner, this.ids);
    try {
      await this.#resolving;
    } catch (error) {
      this.#doubtful = true;
      throw error;
    }
  }
}
