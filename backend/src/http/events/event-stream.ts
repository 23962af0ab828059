import type { ServerResponse } from 'node:http';

import type { EventTopic, ServerEvent } from '@signalpost/contracts';

import type { Principal } from '../../access/index.js';
import type { EventListener, TenantEvent } from './event-bus.js';

/** A reader this far behind is gone or stuck; its page reconnects and reads everything again. */
const MAX_BUFFERED_BYTES = 256 * 1024;
const RECONNECT_AFTER_MS = 2000;

/** One open page: server-sent events (WHATWG HTML §9.2) of one person's topics. */
export class EventStream implements EventListener {
  constructor(
    private readonly response: ServerResponse,
    readonly principal: Principal,
    private readonly topics: ReadonlySet<EventTopic>,
  ) {}

  open(headers: Readonly<Record<string, number | string | string[] | undefined>>): void {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.response.setHeader(name, value);
    this.response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    this.#write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  }

  changed({ tenantId, topic, kind, id }: TenantEvent): void {
    if (tenantId !== this.principal.tenantId || !this.topics.has(topic)) return;
    this.#send({ topic, kind, id: this.#maySeeIds() ? id : null });
  }

  resync(): void {
    for (const topic of this.topics) this.#send({ topic, kind: 'resync', id: null });
  }

  /** A comment keeps proxies from closing a quiet stream. */
  heartbeat(): void {
    this.#write(': heartbeat\n\n');
  }

  close(): void {
    this.response.end();
  }

  /** A customer user learns that something changed, but no id of what may belong to another customer. */
  #maySeeIds(): boolean {
    return this.principal.customerId === null;
  }

  #send(event: ServerEvent): void {
    this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  #write(text: string): void {
    if (this.response.writableLength > MAX_BUFFERED_BYTES) this.response.destroy();
    else if (!this.response.writableEnded && !this.response.destroyed) this.response.write(text);
  }
}
