import type { Peers } from '../db/index.js';

/** Where mails may be held behind earlier ones: an alarm and one recipient. */
export interface HeldPlace {
  readonly tenantId: string;
  readonly alarmId: string;
  readonly address: string;
}

/**
 * Tells the sender of this process, right after a commit, that there may be mails to send or settings to use; those of other
 * instances hear of it a little later.
 */
export class OutboxSignal {
  readonly #listeners = new Set<(held: readonly HeldPlace[]) => void>();

  constructor(private readonly peers?: Pick<Peers, 'listen' | 'tell'>) {
    peers?.listen('outbox', () => this.#wake([]));
  }

  /** @returns stops listening */
  listen(listener: (held: readonly HeldPlace[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param held to look at again: what holds a mail may have been settled while the mail was being written */
  wake(held: readonly HeldPlace[] = []): void {
    this.#wake(held);
    this.peers?.tell('outbox');
  }

  #wake(held: readonly HeldPlace[]): void {
    for (const listener of this.#listeners) listener(held);
  }
}
