import type { EgressGuard } from '../../net/index.js';
import type { ServerRef } from '../servers/choose-server.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { MailTransport } from './mail-transport.js';
import { SmtpTransport } from './smtp-transport.js';

interface Open {
  readonly revision: number;
  readonly transport: MailTransport;
  usedAt: number;
}

/** How long mails under way over settings that were replaced may take to end. */
const DRAIN_MS = 60_000;
/** Connections close sooner (nodemailer: 4 minutes); this frees what is kept for a server that nobody uses. */
const IDLE_MS = 10 * 60_000;

export const serverKey = ({ tenantId, id }: ServerRef): string => `${tenantId}:${id}`;

/**
 * One transport for each server, in its newest revision seen. Another revision makes the old transport unreachable at
 * once; it drains and closes. Nobody is told to reload.
 */
export class TransportFactory {
  readonly #open = new Map<string, Open>();
  readonly #closing = new Set<Promise<void>>();

  constructor(private readonly egress: EgressGuard) {}

  /** The transport of exactly this revision, if it is there; else `make` one with `open`. */
  find(server: ServerRef, revision: number, now: number): MailTransport | undefined {
    const open = this.#open.get(serverKey(server));
    if (open?.revision !== revision) return undefined;
    open.usedAt = now;
    return open.transport;
  }

  open(route: MailRoute, now: number): MailTransport {
    const { server, revision } = route;
    this.#retire(serverKey(server));
    const transport = new SmtpTransport(route, this.egress);
    this.#open.set(serverKey(server), { revision, transport, usedAt: now });
    return transport;
  }

  has(server: ServerRef): boolean {
    return this.#open.has(serverKey(server));
  }

  closeIdle(now: number): void {
    for (const [key, { usedAt }] of this.#open) if (now - usedAt > IDLE_MS) this.#retire(key);
  }

  async closeAll(graceMs: number): Promise<void> {
    for (const key of [...this.#open.keys()]) this.#retire(key, graceMs);
    await Promise.all(this.#closing);
  }

  #retire(key: string, graceMs = DRAIN_MS): void {
    const old = this.#open.get(key);
    if (old === undefined) return;
    this.#open.delete(key);
    const closing = old.transport.close(graceMs).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
