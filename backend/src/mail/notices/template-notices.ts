import type { Language, SystemMailId } from '@signalpost/contracts';

import type { Queryable } from '../../db/index.js';
import type { FoundNotice } from './notice.js';

interface BrokenRow {
  readonly tenant_id: string;
  readonly template: SystemMailId;
  readonly language: Language;
  readonly revision: number;
  readonly failure: { readonly message: string };
}

/** Texts of one's own that could not be used. @param tenantId null: of every scope */
export async function templateNotices(db: Queryable, tenantId: string | null): Promise<FoundNotice[]> {
  const rows = await db.query<BrokenRow>(
    `SELECT tenant_id, template, language, revision, failure FROM mail_template
     WHERE failure IS NOT NULL AND ($1::uuid IS NULL OR tenant_id = $1) ORDER BY template, language`,
    [tenantId],
  );
  return rows.map(({ tenant_id: id, template, language, revision, failure }) => ({
    ...{ tenantId: id, code: 'template-broken', severity: 'warning', key: `${template}/${language}/${revision}` },
    message: `Your own text of the mail "${template}" (${language}) could not be used, so the built-in one was sent: ${failure.message}`,
    params: { template, language, reason: failure.message },
    page: `/mail-templates/${template}/${language}`,
  }));
}
