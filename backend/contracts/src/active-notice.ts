/** What is wrong right now and somebody can do something about: shown as a banner to those who can. */
import { z } from 'zod';

/**
 * `oauth-expiring`, `oauth-ended`, `secret-expiring`: {serverName, mailbox, endsAt?, days?, serverId} ·
 * `sandbox-default`: mails stay inside {serverName, serverId} · `public-url-loopback`: links in mails work on this machine alone {publicUrl} ·
 * `no-system-mail-server`: {} · `system-mail-failing`: {reason} · `quota-near`, `quota-reached`: {what, used, limit} ·
 * `template-broken`: {template, language, reason}
 */
export const ACTIVE_NOTICE_CODES = [
  'oauth-expiring',
  'oauth-ended',
  'secret-expiring',
  'sandbox-default',
  'public-url-loopback',
  'no-system-mail-server',
  'system-mail-failing',
  'quota-near',
  'quota-reached',
  'template-broken',
] as const;

export type ActiveNoticeCode = (typeof ACTIVE_NOTICE_CODES)[number];

export const activeNoticeSchema = z
  .object({
    id: z.string().meta({ description: 'Stays the same while the same thing is wrong' }),
    code: z.enum(ACTIVE_NOTICE_CODES).meta({ id: 'ActiveNoticeCode' }),
    severity: z.enum(['info', 'warning', 'error']),
    message: z.string().meta({ description: 'In English, for clients that know the code not' }),
    params: z.record(z.string(), z.union([z.string(), z.number()])),
    page: z.string().nullable().meta({ description: 'Path in the user interface where it can be put right' }),
  })
  .meta({ id: 'ActiveNotice' });
export type ActiveNotice = z.infer<typeof activeNoticeSchema>;

export const activeNoticesSchema = z.object({ items: z.array(activeNoticeSchema) }).meta({ id: 'ActiveNotices' });
export type ActiveNotices = z.infer<typeof activeNoticesSchema>;
