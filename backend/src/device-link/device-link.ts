import { z } from 'zod';

import { type Database, Listener, Payloads, type UnitOfWork } from '../db/index.js';
import type { Log } from '../http/index.js';

const CHANNEL = 'signalpost_device';
/** PostgreSQL takes payloads below 8000 bytes. */
const MOST_BYTES = 7900;

/** Shared attributes of a device that were written, and of which it is to be told. */
export interface DeviceNews {
  readonly deviceId: string;
  readonly keys: readonly string[];
}

/** A device that is connected to this process, or waits for an answer from it. */
export interface DeviceSession {
  /**
   * Shared attributes were written: read them and tell the device.
   * @param keys null when it is not known which: any may have changed
   */
  changed(keys: readonly string[] | null): void;
}

/** Device id and keys; null when the keys do not fit into a payload. */
const payloadSchema = z.tuple([z.string(), z.array(z.string()).nullable()]);

const NOTIFY = {
  name: 'device-link-notify',
  text: 'SELECT pg_notify($1, payload) FROM unnest($2::text[]) payload',
};

/** The way back to devices that are connected here; what `tellDevices` says on any instance is heard on all. */
export class DeviceLink {
  readonly #sessions = new Map<string, Set<DeviceSession>>();
  readonly #listener: Listener;
  readonly #payloads: Payloads<z.infer<typeof payloadSchema>>;

  constructor(database: Database, log: Pick<Log, 'warn'>) {
    this.#payloads = new Payloads(payloadSchema, (error) =>
      log.warn({ err: error }, 'Another instance told of a device what this version does not know; it is ignored'),
    );
    this.#listener = new Listener(database, CHANNEL, {
      received: (payload) => this.#receive(payload),
      reopened: () => this.#anything(),
    });
  }

  start(): Promise<void> {
    return this.#listener.start();
  }

  stop(): void {
    this.#listener.stop();
  }

  /** @returns ends the session */
  connect(deviceId: string, session: DeviceSession): () => void {
    const sessions = this.#sessions.get(deviceId) ?? new Set();
    this.#sessions.set(deviceId, sessions.add(session));
    return () => {
      sessions.delete(session);
      if (sessions.size === 0 && this.#sessions.get(deviceId) === sessions) this.#sessions.delete(deviceId);
    };
  }

  #receive(payload: string): void {
    const told = this.#payloads.read(payload);
    if (told === undefined) return;
    const [deviceId, keys] = told;
    for (const session of this.#sessions.get(deviceId) ?? []) session.changed(keys);
  }

  #anything(): void {
    for (const sessions of this.#sessions.values()) for (const session of sessions) session.changed(null);
  }
}

/** Tells devices of what was written to them when, and only when, the transaction commits. */
export async function tellDevices(uow: UnitOfWork, news: readonly DeviceNews[]): Promise<void> {
  if (news.length === 0) return;
  const keys = new Map<string, Set<string>>();
  for (const one of news) keys.set(one.deviceId, new Set([...(keys.get(one.deviceId) ?? []), ...one.keys]));
  await uow.query(NOTIFY, [CHANNEL, [...keys].map(([deviceId, changed]) => payloadOf(deviceId, [...changed]))]);
}

function payloadOf(deviceId: string, keys: readonly string[]): string {
  const payload = JSON.stringify([deviceId, keys]);
  return Buffer.byteLength(payload) <= MOST_BYTES ? payload : JSON.stringify([deviceId, null]);
}
