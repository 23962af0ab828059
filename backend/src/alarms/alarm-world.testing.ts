import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach } from 'vitest';

import { QueueModule } from '../queue/index.js';
import {
  type People,
  seedPeople,
  send,
  signedIn,
  startTestApp,
  type TestAnswer,
  type TestApp,
} from '../start/test-app.testing.js';
import { AlarmsModule } from './alarms.module.js';

export type Who = keyof People['emails'];

export interface RaisedAlarm {
  readonly severity?: string;
  readonly cleared?: boolean;
  /** It belongs to the customer. */
  readonly customer?: boolean;
  readonly originatorId?: string;
}

/** The room over real HTTP, with a person of each role signed in; each test begins without alarms. */
export class AlarmWorld {
  test!: TestApp;
  people!: People;
  readonly #sessions = new Map<Who, { Cookie: string }>();

  constructor() {
    beforeAll(async () => {
      this.test = await startTestApp({ rooms: [QueueModule, AlarmsModule] });
      this.people = await seedPeople(this.test);
      for (const who of ['admin', 'operator', 'customer', 'stranger', 'system'] as const)
        this.#sessions.set(who, await signedIn(this.test.url, this.people.emails[who]));
    });
    afterAll(() => this.test.close());
    beforeEach(() => this.test.database.query('TRUNCATE alarm, alarm_mute, alarm_comment, queue_message, audit_event'));
  }

  readonly as = (who: Who, method: string, path: string, body?: unknown): Promise<TestAnswer> =>
    send(`${this.test.url}/api/${path}`, method, body, this.#sessions.get(who));

  readonly raise = async (fields: RaisedAlarm = {}): Promise<string> => {
    const id = randomUUID();
    await this.test.database.query(
      `INSERT INTO alarm (tenant_id, id, type, originator_type, originator_id, customer_id, severity, cleared, start_ts, end_ts)
       VALUES ($1, $2, 'High', 'DEVICE', $3, $4, $5, $6, 1, 1)`,
      [
        this.people.tenantId,
        id,
        fields.originatorId ?? randomUUID(),
        fields.customer ? this.people.customerId : null,
        fields.severity ?? 'MAJOR',
        fields.cleared ?? false,
      ],
    );
    return id;
  };

  /** What the audit log says was done, the oldest first. */
  readonly audited = async (): Promise<{ action: string; actor: string; changes: unknown[] }[]> => {
    const rows = await this.test.database.query<{ action: string; actor: { email?: string }; changes: unknown[] }>(
      `SELECT action, actor, changes FROM audit_event WHERE entity_type = 'alarm' ORDER BY at, id`,
    );
    return rows.map(({ actor, ...row }) => ({ ...row, actor: actor.email ?? '' }));
  };
}
