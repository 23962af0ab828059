import type { Database } from './database.js';
import type { Instance } from './instance.js';
import { Listener } from './listener.js';

const CHANNEL = 'signalpost_peer';
/** The others are told at most so often: whoever tells is at work on it already, and they only help. */
const PAUSE_MS = 250;

/** What there may be work in. */
export type PeerTopic = 'queue' | 'outbox';

/** Nobody is told where nobody else lives. */
const TELL = `
  SELECT pg_notify($1, topic) FROM unnest($2::text[]) topic
  WHERE EXISTS (SELECT 1 FROM instance WHERE id <> $3)`;

/**
 * Tells the other instances that there is work that they may take, too, so that they need not wait for their next look. A
 * hint that is lost costs that wait.
 */
export class Peers {
  readonly #listeners = new Map<PeerTopic, Set<() => void>>();
  readonly #due = new Set<PeerTopic>();
  readonly #listener: Listener;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly instance: Pick<Instance, 'id'>,
  ) {
    this.#listener = new Listener(database, CHANNEL, {
      received: (payload) => this.#received(payload),
      reopened: () => this.#listeners.forEach((listeners) => listeners.forEach((listener) => listener())),
    });
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#listener.stop();
  }

  /** @returns stops listening */
  listen(topic: PeerTopic, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** After a commit: there may be work in `topic`. */
  tell(topic: PeerTopic): void {
    this.#due.add(topic);
    this.#timer ??= setTimeout(() => this.#send(), PAUSE_MS).unref();
  }

  #send(): void {
    this.#timer = undefined;
    const topics = [...this.#due].map((topic) => `${this.instance.id} ${topic}`);
    this.#due.clear();
    this.database.query(TELL, [CHANNEL, topics, this.instance.id]).catch(() => undefined);
  }

  /** What this instance told itself is none of its business. */
  #received(payload: string): void {
    const [from, topic] = payload.split(' ');
    if (from === String(this.instance.id)) return;
    this.#listeners.forEach((listeners, known) => {
      if (known === topic) listeners.forEach((listener) => listener());
    });
  }
}
