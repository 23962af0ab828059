/** Telemetry over raw keep-alive sockets, one request under way on each: the generator must not be what is measured. */
import { connect, type Socket } from 'node:net';

import { nowMs, sleep } from './statistics.ts';

export interface Load {
  readonly port: number;
  /** Numbers of the messages to send: from `first` on, `count` of them. */
  readonly first: number;
  readonly count: number;
  readonly request: (id: number) => { readonly path: string; readonly body: string };
  /** Messages a second; without it as fast as answers come. */
  readonly perSecond?: number;
  /** Called after each accepted message. */
  readonly onAccepted?: (accepted: number) => void;
  /** A refused connection is tried again, with the next message, instead of ending the run. */
  readonly survives?: boolean;
}

export interface LoadResult {
  readonly startedAt: number;
  readonly endedAt: number;
  /** When each accepted message was sent, and how long its 2xx took; by its number. */
  readonly sentAt: ReadonlyMap<number, number>;
  readonly latencies: readonly number[];
  readonly refused: number;
  /** When each accepted answer came, in order. */
  readonly acceptedAt: readonly number[];
}

const CONNECTIONS = 32;
const RETRY_MS = 10;

/** One connection; `ask` answers the status, or null when the line broke. */
class Line {
  #socket: Socket | null = null;
  #text = '';
  #done: (status: number | null) => void = () => undefined;
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  async open(): Promise<boolean> {
    const socket = connect(this.#port, '127.0.0.1').setNoDelay(true).setEncoding('latin1');
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    if (!opened) return false;
    socket.on('data', (chunk: string) => this.#hear(chunk));
    socket.on('error', () => undefined).on('close', () => this.#lost());
    this.#socket = socket;
    return true;
  }

  get isOpen(): boolean {
    return this.#socket !== null;
  }

  ask(path: string, body: string): Promise<number | null> {
    const head = `POST ${path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
    return new Promise((resolve) => {
      this.#done = resolve;
      this.#socket?.write(head + body);
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #hear(chunk: string): void {
    this.#text += chunk;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(this.#text.slice(0, end + 2))?.[1] ?? 0);
    if (this.#text.length < end + 4 + length) return;
    const status = Number(this.#text.slice(9, 12));
    this.#text = '';
    this.#done(status);
  }

  #lost(): void {
    this.#socket = null;
    this.#text = '';
    this.#done(null);
  }
}

export async function load(options: Load): Promise<LoadResult> {
  const sentAt = new Map<number, number>();
  const latencies: number[] = [];
  const acceptedAt: number[] = [];
  let refused = 0;
  let next = options.first;
  const end = options.first + options.count;
  const startedAt = nowMs();

  const turn = async (line: Line): Promise<void> => {
    const id = next++;
    if (options.perSecond !== undefined) {
      await sleep(Math.max(0, startedAt + ((id - options.first) * 1000) / options.perSecond - nowMs()));
    }
    const { path, body } = options.request(id);
    const at = nowMs();
    const status = await line.ask(path, body);
    if (status === 200) {
      sentAt.set(id, at);
      const now = nowMs();
      acceptedAt.push(now);
      latencies.push(now - at);
      options.onAccepted?.(acceptedAt.length);
    } else {
      refused++;
      if (options.survives !== true) throw new Error(`Message ${id} was answered ${status ?? 'by a broken line'}.`);
    }
  };
  const work = async (): Promise<void> => {
    const line = new Line(options.port);
    while (next < end) {
      if (line.isOpen || (await line.open())) await turn(line);
      else if (options.survives === true) await sleep(RETRY_MS);
      else throw new Error(`Nobody listens on port ${options.port}.`);
    }
    line.close();
  };
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS, options.count) }, work));
  return { startedAt, endedAt: nowMs(), sentAt, latencies, refused, acceptedAt };
}
