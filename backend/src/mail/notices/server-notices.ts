import type { DeliveryState } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { isLoopback } from '../../config/index.js';
import type { Queryable } from '../../db/index.js';
import type { MailFailure } from '../failures.js';
import type { FoundNotice } from './notice.js';

/** A default server that keeps mails inside. */
export async function sandboxNotices(db: Queryable, tenantId: string): Promise<FoundNotice[]> {
  const rows = await db.query<{ id: string; name: string }>(
    `SELECT id, name FROM mail_server WHERE tenant_id = $1 AND is_default AND active AND settings->>'provider' = 'sandbox'`,
    [tenantId],
  );
  return rows.map(({ id, name }) => ({
    ...{ tenantId, code: 'sandbox-default', key: id, severity: 'info', page: '/mail-servers' },
    message: `Mails stay inside: the default mail server "${name}" is the sandbox. Add a real one and make it the default.`,
    params: { serverName: name, serverId: id },
  }));
}

export function publicUrlNotices(publicUrl: string): FoundNotice[] {
  if (!isLoopback(new URL(publicUrl).hostname)) return [];
  const message = `Links in mails lead to ${publicUrl}, which works on this machine alone. Set PUBLIC_URL.`;
  return [
    {
      tenantId: SYSTEM_TENANT_ID,
      code: 'public-url-loopback',
      key: '',
      severity: 'info',
      message,
      params: { publicUrl },
      page: null,
    },
  ];
}

interface LastRow {
  readonly state: DeliveryState;
  readonly failure: MailFailure | null;
}

/** Whether people can get mail of the system at all: a server, and the last attempts. */
export async function systemMailNotices(db: Queryable): Promise<FoundNotice[]> {
  const servers = await db.query('SELECT 1 FROM mail_server WHERE tenant_id = $1 AND active LIMIT 1', [
    SYSTEM_TENANT_ID,
  ]);
  const common = { tenantId: SYSTEM_TENANT_ID, key: '', severity: 'error', page: '/mail-servers' } as const;
  if (servers.length === 0) {
    const message =
      'The system has no mail server: invitations and password resets cannot be sent. Add one; until then show people their links.';
    return [{ ...common, code: 'no-system-mail-server', message, params: {} }];
  }
  const reason = failureOf(await db.query<LastRow>(LAST));
  if (reason === null) return [];
  const message = `Mails of the system do not get out: ${reason} Until then show people their links.`;
  return [{ ...common, code: 'system-mail-failing', message, params: { reason } }];
}

/** Of the last day, by their newest word: index delivery_of_system. */
const LAST = `
  SELECT state, failure FROM delivery WHERE template IS NOT NULL AND created_at > now() - interval '1 day'
    AND (state = 'accepted' OR failure IS NOT NULL) ORDER BY created_at DESC LIMIT 10`;

/** What says something about the recipient alone says nothing about the servers. */
const OF_THE_RECIPIENT: ReadonlySet<string> = new Set([
  'recipient-refused',
  'recipient-deferred',
  'address-invalid',
  'cancelled',
  'no-system-mail-server',
  'contents-lost',
]);

function failureOf(rows: readonly LastRow[]): string | null {
  const telling = rows.find(({ state, failure }) => state === 'accepted' || !OF_THE_RECIPIENT.has(failure?.code ?? ''));
  return telling === undefined || telling.state === 'accepted' ? null : (telling.failure?.message ?? null);
}
