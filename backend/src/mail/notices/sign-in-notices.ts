import type { Queryable } from '../../db/index.js';
import { DAY, WARNING_DAYS } from '../oauth/expiry.js';
import type { GrantRow } from '../oauth/grant-row.js';
import type { FoundNotice } from './notice.js';

interface SignInRow extends Pick<
  GrantRow,
  'tenant_id' | 'mail_server_id' | 'mailbox' | 'state' | 'refresh_expires_at' | 'expiry_note' | 'last_error'
> {
  readonly server_name: string;
  readonly application_tenant_id: string;
  readonly application_name: string;
  readonly secret_expires_at: Date | null;
}

/** Grants that no refresh heals any more, or that end within two weeks, with what ends: the consent, or the application's secret. */
const SQL = `
  SELECT g.tenant_id, g.mail_server_id, g.mailbox, g.state, g.refresh_expires_at, g.expiry_note, g.last_error, s.name AS server_name,
    g.application_tenant_id, a.name AS application_name, a.secret_expires_at
  FROM oauth_grant g
  JOIN mail_server s ON s.tenant_id = g.tenant_id AND s.id = g.mail_server_id AND s.active
  LEFT JOIN oauth_application a ON a.tenant_id = g.application_tenant_id AND a.id = g.application_id
  WHERE ($1::uuid IS NULL OR g.tenant_id = $1 OR g.application_tenant_id = $1)
    AND (g.state = 'needs-consent' OR (g.state = 'failing' AND NOT (g.last_error->>'retryable')::boolean)
      OR (g.state IN ('valid', 'expiring', 'failing')
        AND least(g.refresh_expires_at, a.secret_expires_at) <= $2::timestamptz + make_interval(days => $3)))
  ORDER BY s.name, g.mail_server_id`;

const NEW_SECRET = 'Make a new secret or certificate at the provider and enter it in the OAuth application.';
const PAGE = '/mail-servers';

/** @param tenantId null: of every scope */
export async function signInNotices(db: Queryable, tenantId: string | null, now: number): Promise<FoundNotice[]> {
  const rows = await db.query<SignInRow>(SQL, [tenantId, new Date(now), WARNING_DAYS[0]]);
  const found = rows.flatMap((row) => [...endedNotice(row), ...consentNotice(row, now), ...secretNotices(row, now)]);
  return found.filter((notice) => tenantId === null || notice.tenantId === tenantId);
}

const paramsOf = ({ server_name: serverName, mail_server_id: serverId, mailbox }: SignInRow) => ({
  serverName,
  serverId,
  mailbox,
});

function endedNotice(row: SignInRow): FoundNotice[] {
  const { last_error: error, tenant_id: tenantId, server_name: name } = row;
  if (row.state !== 'needs-consent' && (row.state !== 'failing' || error?.retryable !== false)) return [];
  const reason = error?.message ?? 'The sign-in is not valid any more.';
  const advice = error?.advice ?? 'Sign in again.';
  const params = { ...paramsOf(row), reason, advice };
  const message = `The mail server "${name}" cannot send: ${reason} ${advice}`;
  return [{ tenantId, code: 'oauth-ended', key: row.mail_server_id, severity: 'error', message, params, page: PAGE }];
}

function consentNotice(row: SignInRow, now: number): FoundNotice[] {
  const end = row.refresh_expires_at?.getTime();
  if (end === undefined || !isNear(end, now) || row.state === 'needs-consent') return [];
  const params = { ...paramsOf(row), endsAt: end, days: daysLeft(end, now), note: row.expiry_note ?? '' };
  const message = `The consent of the mail server "${row.server_name}" ends in ${params.days} day(s). Sign in again.`;
  return [
    {
      ...{ tenantId: row.tenant_id, code: 'oauth-expiring', severity: 'warning' },
      key: row.mail_server_id,
      message,
      params,
      page: PAGE,
    },
  ];
}

/** Told to those who own the application, too: a tenant cannot renew the secret of one that the system shares. */
function secretNotices(row: SignInRow, now: number): FoundNotice[] {
  const end = row.secret_expires_at?.getTime();
  if (end === undefined || !isNear(end, now)) return [];
  const params = {
    ...paramsOf(row),
    endsAt: end,
    days: daysLeft(end, now),
    note: NEW_SECRET,
    application: row.application_name,
  };
  const message = `The secret or certificate of "${row.application_name}" ends in ${params.days} day(s); the mail server "${row.server_name}" then stops. ${NEW_SECRET}`;
  return [...new Set([row.tenant_id, row.application_tenant_id])].map((tenantId) => ({
    ...{ tenantId, code: 'secret-expiring', key: row.mail_server_id, severity: 'warning', message, params, page: PAGE },
  }));
}

const isNear = (end: number, now: number): boolean => end - now <= WARNING_DAYS[0] * DAY;
const daysLeft = (end: number, now: number): number => Math.max(0, Math.ceil((end - now) / DAY));
