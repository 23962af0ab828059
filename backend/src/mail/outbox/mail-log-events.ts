import type { EventBus } from '../../http/events/index.js';

/** Pages are told at most so often of one tenant's mails; a burst of thousands is one change to look at. */
const PAUSE_MS = 300;

/** Tells open pages that the mail log changed: at once, then once a pause while it goes on. */
export class MailLogEvents {
  /** Tenants in their pause; true: something changed meanwhile. */
  readonly #pausing = new Map<string, boolean>();

  constructor(private readonly bus: Pick<EventBus, 'publish'>) {}

  changed(tenantId: string): void {
    if (this.#pausing.has(tenantId)) this.#pausing.set(tenantId, true);
    else this.#publish(tenantId);
  }

  #publish(tenantId: string): void {
    this.bus.publish(tenantId, 'mail-log', 'changed', null);
    this.#pausing.set(tenantId, false);
    setTimeout(() => this.#resume(tenantId), PAUSE_MS).unref();
  }

  #resume(tenantId: string): void {
    const again = this.#pausing.get(tenantId) === true;
    this.#pausing.delete(tenantId);
    if (again) this.#publish(tenantId);
  }
}
