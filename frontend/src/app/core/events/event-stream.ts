import { DestroyRef, Injectable, InjectionToken, computed, inject, signal } from '@angular/core';
import type { EventTopic, ServerEvent } from '../api/models';

/** `null` means: events may have been missed (the stream was opened again), so re-read everything. */
export type EventListener = (event: ServerEvent | null) => void;

/** How a stream is opened; tests hand in their own. */
export const OPEN_EVENT_SOURCE = new InjectionToken<(url: string) => EventSource>('OPEN_EVENT_SOURCE', {
  providedIn: 'root',
  factory: () => (url) => new EventSource(url),
});

/** Wait before opening again after a refusal, in milliseconds; doubles up to the last. */
const BACKOFF = { first: 1_000, last: 30_000 } as const;

/**
 * The tab's one EventSource, shared by all topics. It is opened when somebody listens, reopened when the set of topics changes or the
 * server closes it, and closed when nobody listens any more.
 */
@Injectable({ providedIn: 'root' })
export class EventStream {
  private readonly open = inject(OPEN_EVENT_SOURCE);
  private readonly listeners = new Map<string, Set<EventListener>>();
  private readonly connection = signal<'off' | 'connecting' | 'open' | 'lost'>('off');
  private source: EventSource | null = null;
  private opened = '';
  private everOpen = false;
  private backoff: number = BACKOFF.first;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private settling = false;

  /** Whether what the page shows may be out of date because the server does not answer. */
  readonly lost = computed(() => this.connection() === 'lost');

  constructor() {
    inject(DestroyRef).onDestroy(() => this.close());
  }

  /** @returns a function that stops listening. */
  listen(topic: EventTopic, listener: EventListener): () => void {
    const group = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, group.add(listener));
    this.settle();
    return () => {
      group.delete(listener);
      if (group.size === 0 && this.listeners.get(topic) === group) this.listeners.delete(topic);
      this.settle();
    };
  }

  /** Pages come and go in one turn of the event loop; the stream follows once at its end. */
  private settle(): void {
    if (this.settling) return;
    this.settling = true;
    queueMicrotask(() => {
      this.settling = false;
      this.follow();
    });
  }

  private follow(): void {
    const topics = [...this.listeners.keys()].sort().join(',');
    if (topics === this.opened && (this.source || this.timer)) return;
    this.close();
    if (topics) this.connect(topics);
  }

  private connect(topics: string): void {
    this.opened = topics;
    if (this.connection() === 'off') this.connection.set('connecting');
    const source = this.open('/api/events?topics=' + encodeURIComponent(topics));
    this.source = source;
    source.onopen = () => this.onOpen();
    source.onmessage = (message: MessageEvent<unknown>) => this.onMessage(message.data);
    source.onerror = () => this.onError(source);
  }

  private onOpen(): void {
    this.connection.set('open');
    this.backoff = BACKOFF.first;
    if (this.everOpen) this.tellAll(null);
    this.everOpen = true;
  }

  private onMessage(data: unknown): void {
    const event = parseEvent(data);
    if (event) this.listeners.get(event.topic)?.forEach((listener) => listener(event));
  }

  /** The browser reconnects by itself after a network failure; after a refusal (CLOSED) it does not. */
  private onError(source: EventSource): void {
    this.connection.set('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    this.source = null;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.connect(this.opened);
    }, this.backoff);
    this.backoff = Math.min(this.backoff * 2, BACKOFF.last);
  }

  private tellAll(event: null): void {
    this.listeners.forEach((group) => group.forEach((listener) => listener(event)));
  }

  private close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.source?.close();
    this.source = null;
    this.opened = '';
    if (this.listeners.size === 0) {
      this.connection.set('off');
      this.everOpen = false;
    }
  }
}

function parseEvent(data: unknown): ServerEvent | null {
  if (typeof data !== 'string') return null;
  try {
    const value: unknown = JSON.parse(data);
    return isServerEvent(value) ? value : null;
  } catch {
    return null; // A line that is not JSON is no event of ours.
  }
}

/** Only the shape is checked: an event of a topic that nobody listens to reaches nobody. */
function isServerEvent(value: unknown): value is ServerEvent {
  if (typeof value !== 'object' || value === null || !('topic' in value) || !('id' in value)) return false;
  return typeof value.topic === 'string' && (value.id === null || typeof value.id === 'string');
}
