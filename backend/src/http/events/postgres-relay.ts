import { randomUUID } from 'node:crypto';

import { eventTopicSchema } from '@signalpost/contracts';
import { z } from 'zod';

import { type Database, Listener, Payloads } from '../../db/index.js';
import type { Log } from '../log.js';
import type { EventBus, EventRelay, TenantEvent } from './event-bus.js';

const CHANNEL = 'signalpost_event';
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
  readonly #listener: Listener;
  readonly #payloads: Payloads<z.infer<typeof payloadSchema>>;
  #stopped = false;

  constructor(
    private readonly database: Database,
    private readonly bus: EventBus,
    private readonly log: Log,
  ) {
    this.#payloads = new Payloads(payloadSchema, (error) =>
      log.warn({ err: error }, 'Another instance told of a change that this version does not know; it is ignored'),
    );
    this.#listener = new Listener(database, CHANNEL, {
      received: (payload) => this.#receive(payload),
      reopened: () => bus.resync(),
    });
  }

  async start(): Promise<void> {
    this.bus.relayThrough(this);
    await this.#listener.start();
  }

  stop(): void {
    this.#stopped = true;
    this.#listener.stop();
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

  #receive(payload: string): void {
    const told = this.#payloads.read(payload);
    if (told === undefined || told.origin === this.#origin) return;
    const { origin: _origin, ...event } = told;
    this.bus.deliver(event);
  }
}
