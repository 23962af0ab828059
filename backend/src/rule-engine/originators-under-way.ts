import type { QueueEntry } from '../queue/index.js';

/** Whose messages run in this process: no two of an originator at the same time, whichever way they came. */
export class OriginatorsUnderWay {
  /** Ends of runs past the queue. */
  readonly #straight = new Map<string, Promise<unknown>>();
  /** How many batches of the queue have an originator. */
  readonly #queued = new Map<string, number>();

  /** Something of it runs. */
  has(entry: QueueEntry): boolean {
    return this.#straight.has(keyOf(entry)) || this.#queued.has(keyOf(entry));
  }

  /** What has not gone through the queue runs; asked `has` in the same moment. @param end of the run; must not reject */
  begin(entries: readonly QueueEntry[], end: Promise<unknown>): void {
    const keys = new Set(entries.map(keyOf));
    for (const key of keys) this.#straight.set(key, end);
    void end.then(() => keys.forEach((key) => this.#straight.delete(key)));
  }

  /** Runs what was claimed from the queue when nothing of its originators runs any more; what comes in meanwhile is queued. */
  async after<T>(entries: readonly QueueEntry[], run: () => Promise<T>): Promise<T> {
    const keys = new Set(entries.map(keyOf));
    for (const key of keys) this.#queued.set(key, (this.#queued.get(key) ?? 0) + 1);
    try {
      await Promise.all([...keys].flatMap((key) => this.#straight.get(key) ?? []));
      return await run();
    } finally {
      for (const key of keys) this.#release(key);
    }
  }

  /** Resolves when everything that runs past the queue has ended. */
  async straightEnded(): Promise<void> {
    await Promise.all(this.#straight.values());
  }

  #release(key: string): void {
    const others = (this.#queued.get(key) ?? 0) - 1;
    if (others > 0) this.#queued.set(key, others);
    else this.#queued.delete(key);
  }
}

const keyOf = ({ tenantId, message }: QueueEntry): string => `${tenantId} ${message.originator.id}`;
