import { randomUUID } from 'node:crypto';

import { eventTopicSchema } from '@signalpost/contracts';
import type { PoolClient } from 'pg';
import { z } from 'zod';

import type { Database } from '../../db/index.js';
import type { Log } from '../log.js';
import type { EventBus, EventRelay, TenantEvent } from './event-bus.js';

const CHANNEL = 'signalpost_event';
/** Pause before a lost listening connection is opened again. */
const REOPEN_AFTER_MS = 1000;
/** More than this waiting means the database is out of reach: other instances then resync when it is back. */
const MAX_PENDING = 10_000;

const payloadSchema = z.object({
  origin: z.string(),
  tenantId: z.string(),
  topic: eventTopicSchema,
  kind: z.string(),
  id: z.string().nullable(),
});

/** Events between instances by NOTIFY: one listening connection, and one statement for all that gathered meanwhile. */
export class PostgresEventRelay implements EventRelay {
  readonly #origin = randomUUID();
  #pending: string[] = [];
  #sending = false;
  #client: PoolClient | undefined;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.bus.relayThrough(this);
    await this.#listen();
  }

  stop(): void {
    this.#stopped = true;
    this.#client?.release(true);
    this.#client = undefined;
  }

  send(event: TenantEvent): void {
    if (this.#pending.length < MAX_PENDING) this.#pending.push(JSON.stringify({ ...event, origin: this.#origin }));
    if (!this.#sending) void this.#flush();
  }

  async #flush(): Promise<void> {
    this.#sending = true;
    while (this.#pending.length > 0 && !this.#stopped) {
      const batch = this.#pending;
      this.#pending = [];
      await this.database
        .query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload', [CHANNEL, batch])
        .catch((error: unknown) => this.log.warn({ err: error }, 'Other instances were not told of a change'));
    }
    this.#sending = false;
  }

  async #listen(): Promise<void> {
    const client = await this.database.pool.connect();
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''));
    client.once('error', () => this.#lost(client));
    client.once('end', () => this.#lost(client));
    this.#client = client;
    await client.query(`LISTEN ${CHANNEL}`);
  }

  #receive(payload: string): void {
    const { origin, ...event } = payloadSchema.parse(JSON.parse(payload));
    if (origin !== this.#origin) this.bus.deliver(event);
  }

  #lost(client: PoolClient): void {
    if (this.#client !== client || this.#stopped) return;
    this.#client = undefined;
    client.release(true);
    this.#reopen();
  }

  #reopen(): void {
    setTimeout(() => {
      if (this.#stopped) return;
      this.#listen().then(
        () => this.bus.resync(),
        () => this.#reopen(),
      );
    }, REOPEN_AFTER_MS).unref();
  }
}
