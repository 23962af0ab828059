import type { ServerRef } from '../servers/choose-server.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { MailTransport } from './mail-transport.js';
import { makeTransport, type TransportNeeds } from './make-transport.js';

/** Of the settings, and of the grant that signs in. */
interface Version {
  readonly revision: number;
  readonly grantRevision: number | null;
}

interface Open extends Version {
  readonly transport: MailTransport;
  usedAt: number;
}

/** How long mails under way over settings that were replaced may take to end. */
const DRAIN_MS = 60_000;
/** Connections close sooner (nodemailer: 4 minutes); this frees what is kept for a server that nobody uses. */
const IDLE_MS = 10 * 60_000;

export const serverKey = ({ tenantId, id }: ServerRef): string => `${tenantId}:${id}`;

/**
 * One transport for each server, in its newest revision seen and with its newest grant. Another one makes the old transport unreachable at
 * once; it drains and closes. Nobody is told to reload.
 */
export class TransportFactory {
  readonly #open = new Map<string, Open>();
  readonly #closing = new Set<Promise<void>>();

  constructor(private readonly needs: TransportNeeds) {}

  /** The transport of exactly this revision, if it is there; else `make` one with `open`. */
  find(server: ServerRef, { revision, grantRevision }: Version, now: number): MailTransport | undefined {
    const open = this.#open.get(serverKey(server));
    if (open?.revision !== revision || open.grantRevision !== grantRevision) return undefined;
    open.usedAt = now;
    return open.transport;
  }

  open(route: MailRoute, grantRevision: number | null, now: number): MailTransport {
    const { server, revision } = route;
    this.#retire(serverKey(server));
    const transport = makeTransport(route, this.needs);
    this.#open.set(serverKey(server), { revision, grantRevision, transport, usedAt: now });
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
