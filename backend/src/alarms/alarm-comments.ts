import type { AlarmComment, Page, PageQuery } from '@signalpost/contracts';

import type { Actor, Principal } from '../access/index.js';
import { Audit, type AuditRecord } from '../audit/index.js';
import type { Database, Queryable, UnitOfWork } from '../db/index.js';
import type { EventBus } from '../http/events/index.js';
import { ProblemError, readPage } from '../http/index.js';
import { HISTORY, type HistoryRow, noteInHistory, toEntry } from './alarm-history.js';
import { type AlarmViewRow, auditedAlarm, readAlarm } from './alarm-views.js';

type Deed = 'commented' | 'comment-changed' | 'comment-deleted';

/** What people write to alarms, within the history that the system tells beside it. */
export class AlarmComments {
  constructor(
    private readonly database: Database,
    private readonly events: EventBus,
  ) {}

  /**
   * The whole history of an alarm, the newest first.
   * @throws ProblemError `not-found`, also for an alarm that the caller may not see; so do all others here
   */
  async list(principal: Principal, alarmId: string, query: PageQuery): Promise<Page<AlarmComment>> {
    await readAlarm(this.database, principal, alarmId);
    const values = [principal.tenantId, alarmId];
    const keyset = { sql: HISTORY, values, keys: { at: 'timestamptz', id: 'text' }, order: 'DESC' } as const;
    return readPage(this.database, keyset, query, toEntry(principal));
  }

  write(principal: Principal, alarmId: string, text: string, actor: Actor): Promise<AlarmComment> {
    return this.database.transaction(async (uow) => {
      const alarm = await readAlarm(uow, principal, alarmId);
      const id = await noteInHistory(uow, principal, alarmId, { kind: 'comment', text });
      await this.#tell(uow, principal, alarm, actor, 'commented');
      return toEntry(principal)(await readComment(uow, principal, alarmId, id));
    });
  }

  /** @throws ProblemError `not-your-comment` */
  change(principal: Principal, alarmId: string, id: string, text: string, actor: Actor): Promise<AlarmComment> {
    return this.database.transaction(async (uow) => {
      const alarm = await readAlarm(uow, principal, alarmId);
      const before = await readComment(uow, principal, alarmId, id);
      if (before.author_id !== principal.userId) throw new ProblemError('not-your-comment');
      if (before.text === text) return toEntry(principal)(before);
      await uow.query('UPDATE alarm_comment SET text = $3, edited_at = now() WHERE tenant_id = $1 AND id = $2', [
        principal.tenantId,
        id,
        text,
      ]);
      await this.#tell(uow, principal, alarm, actor, 'comment-changed');
      return toEntry(principal)(await readComment(uow, principal, alarmId, id));
    });
  }

  /** One's own; administrators of the tenant may delete anybody's. @throws ProblemError `not-your-comment` */
  delete(principal: Principal, alarmId: string, id: string, actor: Actor): Promise<void> {
    return this.database.transaction(async (uow) => {
      const alarm = await readAlarm(uow, principal, alarmId);
      const { author_id, author_name } = await readComment(uow, principal, alarmId, id);
      const own = author_id === principal.userId;
      if (!own && principal.role !== 'tenant-administrator') throw new ProblemError('not-your-comment');
      await uow.query('DELETE FROM alarm_comment WHERE tenant_id = $1 AND id = $2', [principal.tenantId, id]);
      const changes = [{ field: 'author', before: author_name, after: null }];
      await this.#tell(uow, principal, alarm, actor, 'comment-deleted', changes);
    });
  }

  /** The log tells who wrote, changed or deleted something; the words stay where their author can take them back. */
  async #tell(
    uow: UnitOfWork,
    { tenantId }: Principal,
    alarm: AlarmViewRow,
    actor: Actor,
    deed: Deed,
    changes: AuditRecord['changes'] = [],
  ): Promise<void> {
    await Audit.record(uow, { ...actor, tenantId, action: `alarm.${deed}`, entity: auditedAlarm(alarm), changes });
    uow.afterCommit(() => this.events.publish(tenantId, 'alarms', deed, alarm.id));
  }
}

async function readComment(db: Queryable, { tenantId }: Principal, alarmId: string, id: string): Promise<HistoryRow> {
  const [row] = await db.query<HistoryRow>(
    `SELECT id, created_at AS at, kind, author_id, author_name, text, edited_at, until, NULL AS severity
     FROM alarm_comment WHERE tenant_id = $1 AND alarm_id = $2 AND id = $3 AND kind = 'comment' FOR UPDATE`,
    [tenantId, alarmId, id],
  );
  if (row === undefined) throw new ProblemError('not-found');
  return row;
}
