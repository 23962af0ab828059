import type { PoolClient } from 'pg';

import type { Database } from './database.js';

/** Pause before a lost listening connection is opened again. */
const REOPEN_AFTER_MS = 1000;

export interface ListenerHooks {
  received(payload: string): void;
  /** The connection was lost and is there again; notifications may have been missed. */
  reopened(): void;
}

/** Hears what is sent on one channel by NOTIFY. All listeners of a database share one connection. */
export class Listener {
  readonly #connection: ListeningConnection;

  constructor(
    database: Database,
    private readonly channel: string,
    private readonly hooks: ListenerHooks,
  ) {
    this.#connection = connectionOf(database);
  }

  /** Hears everything that is sent once this has resolved. */
  start(): Promise<void> {
    return this.#connection.add(this.channel, this.hooks);
  }

  stop(): void {
    this.#connection.remove(this.channel, this.hooks);
  }
}

const connections = new WeakMap<Database, ListeningConnection>();

function connectionOf(database: Database): ListeningConnection {
  const known = connections.get(database) ?? new ListeningConnection(database);
  connections.set(database, known);
  return known;
}

/** One connection that listens on all channels that somebody wants to hear. It lives as long as anybody does. */
class ListeningConnection {
  readonly #channels = new Map<string, Set<ListenerHooks>>();
  #client: PoolClient | undefined;
  /** Steps one after the other: two that begin at once open one connection. */
  #turn: Promise<void> = Promise.resolve();

  constructor(private readonly database: Database) {}

  add(channel: string, hooks: ListenerHooks): Promise<void> {
    this.#channels.set(channel, (this.#channels.get(channel) ?? new Set()).add(hooks));
    const step = this.#turn.then(() => this.#listen(channel));
    this.#turn = step.catch(() => undefined);
    return step;
  }

  remove(channel: string, hooks: ListenerHooks): void {
    const listeners = this.#channels.get(channel);
    listeners?.delete(hooks);
    if (listeners?.size === 0) this.#channels.delete(channel);
    if (this.#channels.size === 0) this.#close();
  }

  #close(): void {
    this.#client?.release(true);
    this.#client = undefined;
  }

  /** A channel that nobody wants any more stays open on the server until the connection ends: nobody is told of it. */
  async #listen(channel: string): Promise<void> {
    if (this.#client === undefined) await this.#open();
    else await this.#client.query(`LISTEN ${channel}`);
  }

  async #open(): Promise<void> {
    const client = await this.database.pool.connect();
    client.on('notification', ({ channel, payload }) => this.#received(channel, payload ?? ''));
    client.once('error', () => this.#lost(client));
    client.once('end', () => this.#lost(client));
    this.#client = client;
    for (const channel of this.#channels.keys()) await client.query(`LISTEN ${channel}`);
    if (this.#channels.size === 0) this.#close(); // everybody left meanwhile
  }

  #received(channel: string, payload: string): void {
    for (const hooks of this.#channels.get(channel) ?? []) hooks.received(payload);
  }

  #lost(client: PoolClient): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    client.release(true);
    this.#reopen();
  }

  #reopen(): void {
    setTimeout(() => {
      if (this.#channels.size === 0 || this.#client !== undefined) return;
      this.#open().then(
        () => this.#reopened(),
        () => this.#reopen(),
      );
    }, REOPEN_AFTER_MS).unref();
  }

  #reopened(): void {
    for (const listeners of this.#channels.values()) for (const hooks of listeners) hooks.reopened();
  }
}
