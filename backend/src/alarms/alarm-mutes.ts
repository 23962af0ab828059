import { type AlarmMute, type AlarmView, MAX_MUTE_DAYS, type MuteAlarm, muteAlarmSchema } from '@signalpost/contracts';

import type { Actor, Principal } from '../access/index.js';
import { Audit, changedFields } from '../audit/index.js';
import type { Clock, Database, UnitOfWork } from '../db/index.js';
import type { EventBus } from '../http/events/index.js';
import { ProblemError } from '../http/index.js';
import { NAME_OF_USER, noteInHistory } from './alarm-history.js';
import { type AlarmViewRow, auditedAlarm, MUTE_HOLDS, muteOf, readAlarm, toView } from './alarm-views.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** "No mails about this alarm until …": said by people, asked by the outbox whenever it has claimed mails. */
export class AlarmMutes {
  constructor(
    private readonly database: Database,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {}

  /**
   * In place of a mute that is there. The same one again changes nothing and tells nobody.
   * @throws ProblemError `not-found`; `validation-failed` for a time that has passed or is too far away; `alarm-cleared` for
   * one until the alarm clears when it has
   */
  mute(principal: Principal, id: string, wish: MuteAlarm, actor: Actor): Promise<AlarmView> {
    this.#refuseTime(wish);
    return this.database.transaction(async (uow) => {
      const before = await readAlarm(uow, principal, id);
      if (wish.until === 'cleared' && before.cleared) throw new ProblemError('alarm-cleared');
      const until = wish.until === 'cleared' ? null : wish.until;
      const changed = await uow.query(MUTE, [principal.tenantId, id, principal.userId, until, wish.reason]);
      if (changed.length === 0) return toView(before);
      await noteInHistory(uow, principal, id, { kind: 'muted', text: wish.reason, until });
      const after = await readAlarm(uow, principal, id);
      await this.#tell(uow, principal, actor, 'muted', { before, after });
      return toView(after);
    });
  }

  /** At once. An alarm that is not muted stays as it is. */
  unmute(principal: Principal, id: string, actor: Actor): Promise<AlarmView> {
    return this.database.transaction(async (uow) => {
      const before = await readAlarm(uow, principal, id);
      const ended = await uow.query(UNMUTE, [principal.tenantId, id]);
      if (ended.length === 0) return toView(before);
      await noteInHistory(uow, principal, id, { kind: 'unmuted' });
      const after = await readAlarm(uow, principal, id);
      await this.#tell(uow, principal, actor, 'unmuted', { before, after });
      return toView(after);
    });
  }

  /**
   * The mutes that hold now, one statement for all. Where nobody has muted anything, nothing is looked up.
   * @returns in the order of the alarms; null: mails about it may be sent
   */
  async find(
    alarms: readonly { readonly tenantId: string; readonly alarmId: string }[],
  ): Promise<(AlarmMute | null)[]> {
    const rows = await this.database.query<AlarmViewRow & { place: string }>(FIND, [
      alarms.map(({ tenantId }) => tenantId),
      alarms.map(({ alarmId }) => alarmId),
    ]);
    const found = new Map(rows.map((row) => [Number(row.place), muteOf(row)]));
    return alarms.map((_, index) => found.get(index + 1) ?? null);
  }

  #refuseTime({ until }: MuteAlarm): void {
    if (until === 'cleared') return;
    const ahead = until - this.clock.now();
    if (ahead > 0 && ahead <= MAX_MUTE_DAYS * DAY_MS) return;
    const message = ahead > 0 ? `must be within the next ${MAX_MUTE_DAYS} days` : 'must not have passed';
    throw new ProblemError('validation-failed', { errors: [{ pointer: '/until', message }] });
  }

  async #tell(
    uow: UnitOfWork,
    { tenantId }: Principal,
    actor: Actor,
    deed: 'muted' | 'unmuted',
    { before, after }: { readonly before: AlarmViewRow; readonly after: AlarmViewRow },
  ): Promise<void> {
    const changes = changedFields(muteAlarmSchema, wishOf(muteOf(before)), wishOf(muteOf(after)));
    await Audit.record(uow, { ...actor, tenantId, action: `alarm.${deed}`, entity: auditedAlarm(after), changes });
    uow.afterCommit(() => this.events.publish(tenantId, 'alarms', deed, after.id));
  }
}

const wishOf = (mute: AlarmMute | null): MuteAlarm | undefined =>
  mute === null ? undefined : { until: mute.until ?? 'cleared', reason: mute.reason };

const MUTE = `
  INSERT INTO alarm_mute AS m (tenant_id, originator_id, alarm_type, alarm_id, until, reason, muted_by)
  SELECT a.tenant_id, a.originator_id, a.type, CASE WHEN $4::float8 IS NULL THEN a.id END, to_timestamp($4::float8 / 1000), $5, ${NAME_OF_USER}
  FROM alarm a JOIN user_account u ON u.tenant_id = a.tenant_id AND u.id = $3
  WHERE a.tenant_id = $1 AND a.id = $2
  ON CONFLICT (tenant_id, originator_id, alarm_type) DO UPDATE SET
    alarm_id = excluded.alarm_id, until = excluded.until, reason = excluded.reason, muted_by = excluded.muted_by, muted_at = now()
  WHERE (m.alarm_id, m.until, m.reason) IS DISTINCT FROM (excluded.alarm_id, excluded.until, excluded.reason)
  RETURNING 1`;

const UNMUTE = `
  DELETE FROM alarm_mute m USING alarm a WHERE a.tenant_id = $1 AND a.id = $2 AND ${MUTE_HOLDS} RETURNING 1`;

/** Alarms are many and mutes are few: who has none at all is not looked for, the others are one probe of a key each. */
const FIND = {
  name: 'alarm-mutes-find',
  text: `
    SELECT wanted.place, m.until AS mute_until, m.reason AS mute_reason, m.muted_by, m.muted_at
    FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS wanted (tenant_id, alarm_id, place)
    CROSS JOIN LATERAL (
      SELECT * FROM alarm WHERE tenant_id = wanted.tenant_id AND id = wanted.alarm_id OFFSET 0) a
    CROSS JOIN LATERAL (SELECT * FROM alarm_mute m WHERE ${MUTE_HOLDS} OFFSET 0) m
    WHERE (SELECT EXISTS (SELECT FROM alarm_mute))`,
};
