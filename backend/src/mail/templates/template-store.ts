import { mailTemplateTextSchema, type Language, type MailTemplateText, type SystemMailId } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';

/** Names one text in one scope. */
export interface TemplateKey {
  /** The nil UUID: of the system. */
  readonly tenantId: string;
  readonly template: SystemMailId;
  readonly language: Language;
}

/** A text that somebody changed. */
export interface ChangedTemplate extends TemplateKey {
  readonly text: MailTemplateText;
  readonly revision: number;
  readonly changedAt: number;
  readonly changedBy: string;
  readonly failure: { readonly at: number; readonly message: string } | null;
}

export interface TemplateVersion {
  readonly at: number;
  readonly by: string;
  readonly text: MailTemplateText | null;
}

interface TemplateRow {
  readonly tenant_id: string;
  readonly template: SystemMailId;
  readonly language: Language;
  readonly content: unknown;
  readonly revision: number;
  readonly changed_at: Date;
  readonly changed_by: string;
  readonly failure: ChangedTemplate['failure'];
}

/** Older versions are of no use to anybody. */
const KEPT_VERSIONS = 50;

/** The one writer of `mail_template` and its history. */
export class TemplateStore {
  /** What a tenant or the system changed, and for a tenant what the system changed above it. */
  async list(db: Queryable, tenantId: string): Promise<ChangedTemplate[]> {
    const rows = await db.query<TemplateRow>('SELECT * FROM mail_template WHERE tenant_id IN ($1, $2)', [
      tenantId,
      SYSTEM_TENANT_ID,
    ]);
    return rows.map(toTemplate);
  }

  /** The words that hold for the tenant: its own, else the system's; null: the product's. */
  async inForce(db: Queryable, { tenantId, template, language }: TemplateKey): Promise<ChangedTemplate | null> {
    const [row] = await db.query<TemplateRow>(
      `SELECT * FROM mail_template WHERE tenant_id IN ($1, $2) AND template = $3 AND language = $4 ORDER BY tenant_id = $1 DESC LIMIT 1`,
      [tenantId, SYSTEM_TENANT_ID, template, language],
    );
    return row === undefined ? null : toTemplate(row);
  }

  /** @param revision that the change was made on; 0: there was none. @returns false when another one is stored by now */
  async save(
    uow: UnitOfWork,
    key: TemplateKey,
    text: MailTemplateText,
    revision: number,
    by: string,
  ): Promise<boolean> {
    const rows = await uow.query<{ revision: number }>(SAVE, [...valuesOf(key), text, by, revision]);
    const [saved] = rows;
    if (saved === undefined) return false;
    await this.#remember(uow, key, text, by);
    return true;
  }

  /** @returns whether there was anything to reset */
  async reset(uow: UnitOfWork, key: TemplateKey, by: string): Promise<boolean> {
    const rows = await uow.query(
      'DELETE FROM mail_template WHERE tenant_id = $1 AND template = $2 AND language = $3 RETURNING revision',
      valuesOf(key),
    );
    if (rows.length === 0) return false;
    await this.#remember(uow, key, null, by);
    return true;
  }

  /** The newest first. */
  async history(db: Queryable, key: TemplateKey): Promise<TemplateVersion[]> {
    const rows = await db.query<{ content: unknown; changed_at: Date; changed_by: string }>(
      `SELECT content, changed_at, changed_by FROM mail_template_version
       WHERE tenant_id = $1 AND template = $2 AND language = $3 ORDER BY revision DESC LIMIT $4`,
      [...valuesOf(key), KEPT_VERSIONS],
    );
    return rows.map(({ content, changed_at: at, changed_by: by }) => ({
      ...{ at: at.getTime(), by },
      text: content === null ? null : mailTemplateTextSchema.parse(content),
    }));
  }

  /** @returns whether it was in order until now, so that people are told once */
  async failed(uow: UnitOfWork, key: TemplateKey, at: number, message: string): Promise<boolean> {
    const rows = await uow.query(
      `UPDATE mail_template SET failure = $4::jsonb
       WHERE tenant_id = $1 AND template = $2 AND language = $3 AND failure IS NULL RETURNING revision`,
      [...valuesOf(key), { at, message }],
    );
    return rows.length > 0;
  }

  async #remember(uow: UnitOfWork, key: TemplateKey, text: MailTemplateText | null, by: string): Promise<void> {
    await uow.query(REMEMBER, [...valuesOf(key), text, by]);
    await uow.query(FORGET, [...valuesOf(key), KEPT_VERSIONS]);
  }
}

const valuesOf = ({ tenantId, template, language }: TemplateKey) => [tenantId, template, language];

const NEXT = `SELECT coalesce(max(revision), 0) + 1 FROM mail_template_version WHERE tenant_id = $1 AND template = $2 AND language = $3`;
const SAVE = `
  INSERT INTO mail_template AS t (tenant_id, template, language, content, changed_by, revision)
  SELECT $1, $2, $3, $4::jsonb, $5, (${NEXT})
  WHERE $6 = 0 OR EXISTS (SELECT 1 FROM mail_template WHERE tenant_id = $1 AND template = $2 AND language = $3)
  ON CONFLICT (tenant_id, template, language) DO UPDATE
    SET content = EXCLUDED.content, changed_by = EXCLUDED.changed_by, revision = EXCLUDED.revision, changed_at = now(), failure = NULL
    WHERE t.revision = $6
  RETURNING revision`;
const REMEMBER = `
  INSERT INTO mail_template_version (tenant_id, template, language, content, changed_by, revision)
  SELECT $1, $2, $3, $4::jsonb, $5, (${NEXT})`;
const FORGET = `
  DELETE FROM mail_template_version WHERE tenant_id = $1 AND template = $2 AND language = $3 AND revision <=
    (SELECT max(revision) - $4 FROM mail_template_version WHERE tenant_id = $1 AND template = $2 AND language = $3)`;

const toTemplate = (row: TemplateRow): ChangedTemplate => ({
  tenantId: row.tenant_id,
  template: row.template,
  language: row.language,
  text: mailTemplateTextSchema.parse(row.content),
  revision: row.revision,
  changedAt: row.changed_at.getTime(),
  changedBy: row.changed_by,
  failure: row.failure,
});
