import { Inject } from '@nestjs/common';
import {
  NOTICES,
  noticeDefaultsSchema,
  type AccountNotices,
  type Language,
  type Notice,
  type NoticeChoices,
  type NoticeDefaults,
  type NoticeDefaultsState,
  type NoticeRole,
  type NoticesDefinition,
  type Role,
} from '@signalpost/contracts';

import { Database, type Queryable, type UnitOfWork } from '../db/index.js';

/** Somebody to write to. */
export interface NoticeRecipient {
  readonly userId: string;
  readonly address: string;
  readonly name: string;
  readonly language: Language;
}

/** Until somebody chooses otherwise, administrators are told everything. */
const TOLD_BY_DEFAULT: readonly NoticeRole[] = ['system-administrator', 'tenant-administrator'];

/** Who gets which notice: a default for each role of a scope, and each person's own choice over it. */
export class NoticeRecipients {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** People of the scope who can sign in and are to be told. The system's notices are asked with the nil tenant. */
  async of(tenantId: string, notice: Notice, db: Queryable = this.database): Promise<readonly NoticeRecipient[]> {
    return db.query<NoticeRecipient>(RECIPIENTS, [tenantId, notice, TOLD_BY_DEFAULT]);
  }

  async defaults(tenantId: string, db: Queryable = this.database): Promise<NoticeDefaultsState> {
    const sql = 'SELECT notices, notices_managed AS managed FROM tenant WHERE id = $1';
    const [row] = await db.query<{ notices: NoticesDefinition; managed: boolean }>(sql, [tenantId]);
    return { ...completeDefaults(row?.notices ?? {}), managed: row?.managed ?? false };
  }

  async setDefaults(uow: UnitOfWork, tenantId: string, { notices, managed }: NoticeDefaultsState): Promise<void> {
    await uow.query('UPDATE tenant SET notices = $2, notices_managed = $3 WHERE id = $1', [tenantId, notices, managed]);
  }

  /** Unlocks them: the provisioning file names them no more. @returns whether they were locked */
  async releaseDefaults(uow: UnitOfWork, tenantId: string): Promise<boolean> {
    const sql = 'UPDATE tenant SET notices_managed = false WHERE id = $1 AND notices_managed RETURNING 1';
    return (await uow.query(sql, [tenantId])).length > 0;
  }

  async choices(tenantId: string, userId: string, role: Role): Promise<AccountNotices> {
    const [row] = await this.database.query<{ notices: Partial<Record<Notice, boolean>> }>(
      'SELECT notices FROM user_account WHERE tenant_id = $1 AND id = $2',
      [tenantId, userId],
    );
    const { notices: defaults } = await this.defaults(tenantId);
    const byRole = (notice: Notice) => defaults[notice].some((told) => told === role);
    return {
      items: NOTICES.map((notice) => ({ notice, choice: row?.notices[notice] ?? null, byRole: byRole(notice) })),
    };
  }

  async choose(uow: UnitOfWork, tenantId: string, userId: string, { notices }: NoticeChoices): Promise<void> {
    await uow.query('UPDATE user_account SET notices = jsonb_strip_nulls($3::jsonb) WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      userId,
      notices,
    ]);
  }
}

/** With the built-in choice where nobody has chosen. */
export function completeDefaults(notices: NoticesDefinition): NoticeDefaults {
  const all = Object.fromEntries(NOTICES.map((notice) => [notice, TOLD_BY_DEFAULT]));
  return noticeDefaultsSchema.parse({ notices: { ...all, ...notices } });
}

const RECIPIENTS = `
  SELECT u.id AS "userId", u.email AS address, u.name, coalesce(u.language, t.language) AS language
  FROM user_account u JOIN tenant t ON t.id = u.tenant_id
  WHERE u.tenant_id = $1 AND u.active AND u.activated_at IS NOT NULL AND u.role <> 'customer-user'
    AND coalesce((u.notices->>$2)::boolean, coalesce(t.notices->$2, to_jsonb($3::text[])) ? u.role)
  ORDER BY u.id`;
