import { tenantLimitsSchema, type Language, type TenantLimits } from '@signalpost/contracts';

import type { Queryable } from '../../db/index.js';
import type { FoundNotice } from './notice.js';

/** What a tenant's limits bound, with its name for people and how much of it is used. */
interface Quota {
  readonly limit: keyof TenantLimits;
  readonly names: Readonly<Record<Language, string>>;
  /** SQL over the tenant `t`. */
  readonly used: string;
  readonly page: string;
}

const QUOTAS = {
  'waiting-mails': {
    limit: 'maxWaitingMails',
    names: { en: 'Mails that wait for being sent', de: 'Mails, die auf den Versand warten' },
    used: 'coalesce(w.mails, 0)',
    page: '/mail-log',
  },
  'system-mails': {
    limit: 'systemMailsPerDay',
    names: { en: "Mails today over the system's mail server", de: 'Mails heute über den Mailserver des Systems' },
    used: `(SELECT sum(c.mails) FROM system_mail_count c WHERE c.tenant_id = t.id AND c.day = (now() AT TIME ZONE 'UTC')::date)`,
    page: '/mail-log',
  },
  users: {
    limit: 'maxUsers',
    names: { en: 'Users', de: 'Benutzer' },
    used: `(SELECT count(*) FROM user_account u WHERE u.tenant_id = t.id)`,
    page: '/users',
  },
  devices: {
    limit: 'maxDevices',
    names: { en: 'Devices', de: 'Geräte' },
    used: `(SELECT count(*) FROM device v WHERE v.tenant_id = t.id)`,
    page: '/devices',
  },
} as const satisfies Record<string, Quota>;
type QuotaId = keyof typeof QUOTAS;
const QUOTA_IDS = Object.keys(QUOTAS) as QuotaId[]; // keys of the literal above

export const quotaName = (id: string, language: Language): string =>
  QUOTAS[QUOTA_IDS.find((known) => known === id) ?? 'waiting-mails'].names[language];

/** Shares of a limit. Who was told of 80 % is told again only after it was below 70 %. */
const NEAR = 0.8;
const CALM = 0.7;

const DEFAULT_LIMITS = tenantLimitsSchema.parse({});

/** Waiting mails are counted in one go, the others only of those who have a limit. */
const SQL = `
  SELECT t.id AS tenant_id, t.name, q.quota, q.used::int AS used, q.most::int AS most FROM tenant t
  LEFT JOIN (
    SELECT tenant_id, count(*) AS mails FROM delivery WHERE settled_at IS NULL AND ($1::uuid IS NULL OR tenant_id = $1) GROUP BY tenant_id
  ) w ON w.tenant_id = t.id
  CROSS JOIN LATERAL (VALUES
    ${QUOTA_IDS.map((id) => {
      const { limit, used } = QUOTAS[id];
      const standard = DEFAULT_LIMITS[limit];
      const most = `CASE WHEN t.limits ? '${limit}' THEN (t.limits->>'${limit}')::int ELSE ${standard ?? 'NULL'} END`;
      return `('${id}', CASE WHEN ${most} IS NOT NULL THEN ${used} END, ${most})`;
    }).join(',\n    ')}
  ) AS q (quota, used, most)
  WHERE t.kind = 'tenant' AND ($1::uuid IS NULL OR t.id = $1) AND q.used >= q.most * $2::float8`;

interface UsedRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly quota: QuotaId;
  readonly used: number;
  readonly most: number;
}

export interface QuotaNotices {
  readonly found: FoundNotice[];
  /** Keys of limits that are not calm yet: what was told of them stays told. */
  readonly uneasy: readonly { readonly tenantId: string; readonly key: string }[];
}

/** @param tenantId null: of every tenant */
export async function quotaNotices(db: Queryable, tenantId: string | null): Promise<QuotaNotices> {
  const rows = await db.query<UsedRow>(SQL, [tenantId, CALM]);
  return {
    found: rows.filter(({ used, most }) => used >= most * NEAR).map(toNotice),
    uneasy: rows.map(({ tenant_id: id, quota }) => ({ tenantId: id, key: quota })),
  };
}

function toNotice({ tenant_id: tenantId, name, quota, used, most }: UsedRow): FoundNotice {
  const reached = used >= most;
  const params = { what: quota, used, limit: most, tenantName: name };
  const message = `${QUOTAS[quota].names.en}: ${used} of ${most}. ${reached ? 'More is refused.' : 'What goes over it is refused.'}`;
  return {
    ...{ tenantId, code: reached ? 'quota-reached' : 'quota-near', severity: reached ? 'error' : 'warning' },
    ...{ key: quota, message, params, page: QUOTAS[quota].page },
  };
}
