/** An EventSource in the test's hands; every one that was opened is in `opened`. */
export class ScriptedEventSource implements EventSource {
  static opened: ScriptedEventSource[] = [];

  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readonly withCredentials = false;
  readyState = 0;
  onopen: ((event: Event) => unknown) | null = null;
  onmessage: ((event: MessageEvent<unknown>) => unknown) | null = null;
  onerror: ((event: Event) => unknown) | null = null;
  readonly addEventListener = (): void => undefined;
  readonly removeEventListener = (): void => undefined;

  constructor(readonly url: string) {
    ScriptedEventSource.opened.push(this);
  }

  static get last(): ScriptedEventSource {
    const last = ScriptedEventSource.opened.at(-1);
    if (!last) throw new Error('No stream was opened.');
    return last;
  }

  accept(): void {
    this.readyState = this.OPEN;
    this.onopen?.(new Event('open'));
  }

  say(data: unknown): void {
    this.onmessage?.(new MessageEvent('message', { data: typeof data === 'string' ? data : JSON.stringify(data) }));
  }

  /** As after HTTP 401 or 503: the browser does not try again. */
  refuse(): void {
    this.readyState = this.CLOSED;
    this.onerror?.(new Event('error'));
  }

  /** As after a lost connection: the browser tries again by itself. */
  lose(): void {
    this.readyState = this.CONNECTING;
    this.onerror?.(new Event('error'));
  }

  dispatchEvent(): boolean {
    return true;
  }

  close(): void {
    this.readyState = this.CLOSED;
  }
}
