import type { EventTopic, ServerEvent } from '@signalpost/contracts';

/** An event on its way to the pages of one tenant. */
export interface TenantEvent extends ServerEvent {
  readonly tenantId: string;
}

export interface EventListener {
  changed(event: TenantEvent): void;
  /** Events may have been missed: read everything again. */
  resync(): void;
}

/** Carries events to the other instances. */
export interface EventRelay {
  send(event: TenantEvent): void;
}

/**
 * Tells open pages that something changed. Publish after the commit (`uow.afterCommit`), or a page would read the old
 * state. Delivery is best effort; a page that may have missed something reads everything again.
 */
export class EventBus {
  readonly #listeners = new Set<EventListener>();
  #relay: EventRelay | undefined;

  /** @param id null when many things changed at once */
  publish(tenantId: string, topic: EventTopic, kind: string, id: string | null): void {
    const event = { tenantId, topic, kind, id };
    this.deliver(event);
    this.#relay?.send(event);
  }

  /** @returns ends the subscription */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Hands an event of another instance to the listeners of this one. */
  deliver(event: TenantEvent): void {
    for (const listener of this.#listeners) listener.changed(event);
  }

  resync(): void {
    for (const listener of this.#listeners) listener.resync();
  }

  relayThrough(relay: EventRelay): void {
    this.#relay = relay;
  }
}
