import type { Queryable } from './unit-of-work.js';

/** Deletes mutes that hold no more. One until its alarm clears has ended with that, without a statement of its own. */
export async function dropEndedMutes(db: Queryable): Promise<void> {
  await db.query(`
    DELETE FROM alarm_mute m WHERE m.until <= now()
      OR EXISTS (SELECT FROM alarm a WHERE a.tenant_id = m.tenant_id AND a.id = m.alarm_id AND a.cleared)`);
}
