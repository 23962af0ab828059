import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { Clock, Database } from '../../db/index.js';
import type { Queue } from '../../queue/index.js';
import type { MailLogEvents } from './mail-log-events.js';
import { MOST_UNWRITTEN, Settler, type Attempted } from './settler.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A settler whose database takes everything at once, and how many outcomes it was given at a time. */
function settler() {
  const written: number[] = [];
  const query = (_sql: unknown, [batch]: readonly string[]) => {
    const rows = JSON.parse(batch ?? '[]') as { id: string }[];
    written.push(rows.length);
    return Promise.resolve(rows);
  };
  const nothing = (): void => undefined;
  const made = new Settler(
    { query } as unknown as Database, // what it asks for outcomes of mails that no message waits for
    {} as Queue,
    {} as Clock,
    { changed: nothing } as unknown as MailLogEvents,
    nothing,
    (error) => {
      throw error;
    },
  );
  return { made, written };
}

let ids = 0;
const accepted = (): Attempted =>
  ({
    mail: { tenantId: 't', id: `${ids++}`, alarmId: null, parkedId: null, system: null },
    verdict: { state: 'accepted' },
  }) as unknown as Attempted; // what is written of it is the database's

it('lets outcomes gather where they go on and on, but writes before the sender would have to wait for it', async () => {
  const { made, written } = settler();
  const add = async (mails: number) => {
    for (let n = 0; n < mails; n++) made.add(accepted());
    await vi.advanceTimersByTimeAsync(0);
  };
  while (made.waiting === 0) await add(1);
  const before = written.length;
  await add(MOST_UNWRITTEN / 2 - 2);
  expect(written.slice(before)).toEqual([]);
  await add(1);
  expect(written.slice(before)).toEqual([MOST_UNWRITTEN / 2]);
  await add(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([written.at(-1), made.waiting]).toEqual([1, 0]);
});
