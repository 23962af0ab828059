import type { Peers } from '../db/index.js';
import type { ServerRef } from './servers/choose-server.js';

/** Where mails may be held behind earlier ones: an alarm and one recipient. */
export interface HeldPlace {
  readonly tenantId: string;
  readonly alarmId: string;
  readonly address: string;
}

/** What waits together: the mails of one tenant in one lane of one server. */
export interface MailGroup {
  readonly server: ServerRef;
  readonly priority: number;
  readonly tenantId: string;
}

export interface OutboxNews {
  /** Where what others wait for was settled by somebody else than the sender. */
  readonly held: readonly HeldPlace[];
  /** Where mails came that are due; null: nobody says, or there is other news. */
  readonly came: readonly MailGroup[] | null;
}

/** Something changed. */
const ANYTHING: OutboxNews = { held: [], came: null };

/**
 * Tells the sender of this process, right after a commit, that there may be mails to send or settings to use; those of other
 * instances hear of it a little later.
 */
export class OutboxSignal {
  readonly #listeners = new Set<(news: OutboxNews) => void>();

  constructor(private readonly peers?: Pick<Peers, 'listen' | 'tell'>) {
    peers?.listen('outbox', () => this.#wake(ANYTHING));
  }

  /** @returns stops listening */
  listen(listener: (news: OutboxNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(news: Partial<OutboxNews> = {}): void {
    this.#wake({ ...ANYTHING, ...news });
    this.peers?.tell('outbox');
  }

  #wake(news: OutboxNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}
