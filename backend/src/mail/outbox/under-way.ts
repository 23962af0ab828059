import type { Claims } from './claims.js';
import type { ClaimedMail, DeliveryKey } from './delivery-rows.js';

/**
 * The mails that this process knows to have claimed. A statement whose answer never came may have claimed others, or may
 * not have given back what it should: those are this process's by the table, and nobody's in truth.
 */
export class UnderWay {
  readonly #ids = new Set<string>();
  #doubtful = false;

  constructor(private readonly claims: Claims) {}

  get ids(): string[] {
    return [...this.#ids];
  }

  async claim(...parameters: Parameters<Claims['claim']>): Promise<ClaimedMail[]> {
    try {
      const mails = await this.claims.claim(...parameters);
      for (const { id } of mails) this.#ids.add(id);
      return mails;
    } catch (error) {
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

  /** Between claims: what the table says is ours and we know nothing of, waits again. */
  async resolveDoubts(owner: number): Promise<void> {
    if (!this.#doubtful) return;
    await this.claims.giveBackUnknown(owner, this.ids);
    this.#doubtful = false;
  }
}
