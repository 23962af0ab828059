import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

import { Instance, type Database } from '../../db/index.js';
import { createTestDatabase } from '../../db/test-database.testing.js';
import type { TestSmtp } from '../smtp-servers.testing.js';
import { MailRoom } from './mail-room.testing.js';

/** A database for the spec, and for each test a mail room whose sender runs; servers that a test started end with it. */
export class SenderSpec {
  db!: Database;
  instance!: Instance;
  room!: MailRoom;
  readonly #closing: (() => Promise<void>)[] = [];

  constructor() {
    beforeAll(async () => {
      this.db = await createTestDatabase();
      this.instance = await Instance.open(this.db);
    });
    afterAll(async () => {
      this.instance.close();
      await this.db.close();
    });
    beforeEach(async () => {
      this.room = new MailRoom(this.db, this.instance);
      await this.room.sender.start();
    });
    afterEach(async () => {
      await this.room.sender.stop(0);
      for (const close of this.#closing.splice(0)) await close();
      expect(this.room.errors).toEqual([]);
      await this.db.query('DELETE FROM delivery');
    });
  }

  readonly kept = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
    const server = await started;
    this.#closing.push(() => server.close());
    return server;
  };

  readonly tenantOn = async (port: number, settings: Record<string, unknown> = {}): Promise<string> => {
    const tenant = await this.room.tenant();
    await this.room.server(tenant, port, settings);
    return tenant;
  };

  /** As if the time of the next attempt had come. */
  readonly makeDue = async (tenant: string): Promise<void> => {
    await this.db.query(`UPDATE delivery SET next_attempt_at = now() WHERE tenant_id = $1 AND state = 'waiting'`, [
      tenant,
    ]);
    this.room.sender.wake();
  };
}

export const subjects = (server: TestSmtp) =>
  server.received.map(({ raw }) => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim());

/** A server that refuses the sender so many times. */
export const failing = (responseCode: number, times = Infinity, words = 'not now') => {
  let left = times;
  return {
    onMailFrom: (_address: unknown, _session: unknown, done: (error?: Error) => void) =>
      done(left-- > 0 ? Object.assign(new Error(words), { responseCode }) : undefined),
  };
};
