import type { EmailDraft } from '@signalpost/rule-nodes/runtime';
import MailComposer from 'nodemailer/lib/mail-composer';

import { parseMailbox, type Mailbox } from '../addresses.js';
import { mailFailure, type MailFailure } from '../failures.js';
import { draftAddresses, subjectText } from '../outbox/draft.js';
import { isSystemServer } from '../servers/choose-server.js';
import type { MailRoute } from '../servers/mail-route.js';
import { htmlToText } from './html-to-text.js';
import { readInlineImages } from './inline-images.js';

export interface MailToCompose {
  readonly tenantId: string;
  readonly deliveryId: string;
  readonly draft: EmailDraft;
  /** The plain-text part of an HTML mail; absent: made of the HTML. */
  readonly text?: string;
  /** Goes into the Date header: milliseconds since the epoch. */
  readonly date: number;
}

/** RFC 3834 §5 and Microsoft's header of the same purpose: no out-of-office replies to machines. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** Derived, so that a mail keeps it whatever happens: `<delivery id@host of PUBLIC_URL>`. */
export function messageIdOf(deliveryId: string, publicUrl: string): string {
  return `<${deliveryId}@${new URL(publicUrl).hostname.replace(/[^A-Za-z0-9.-]/g, '')}>`;
}

/** Who the mail is from, also the envelope's sender. */
export function senderOf(tenantId: string, draft: EmailDraft, route: MailRoute): Mailbox | MailFailure {
  const own = draft.from?.trim() === '' || mustUseServersOwn(tenantId, route) ? undefined : draft.from;
  const parsed = parseMailbox(own ?? route.settings.from);
  return parsed.ok ? parsed.value : parsed.failure;
}

/** Over the system's server a tenant cannot speak in the name of others: the mail is from the system, the tenant answers. */
const mustUseServersOwn = (tenantId: string, route: MailRoute): boolean =>
  isSystemServer(route.server) && tenantId !== route.server.tenantId;

/** The bytes of a mail: made once, kept, sent as they are. */
export async function composeMail(
  mail: MailToCompose,
  route: MailRoute,
  publicUrl: string,
): Promise<Buffer | MailFailure> {
  const { draft } = mail;
  const [sender, addresses, images] = [
    senderOf(mail.tenantId, draft, route),
    draftAddresses(draft),
    readInlineImages(draft.images),
  ];
  for (const part of [sender, addresses, images]) if ('code' in part) return part;
  if ('code' in sender || 'code' in addresses || 'code' in images) return mailFailure('sending-failed');
  const replyTo = replyToOf(mail, route);
  const composer = new MailComposer({
    from: sender,
    to: [...addresses.to],
    cc: [...addresses.cc],
    ...(replyTo === undefined ? {} : { replyTo }),
    subject: subjectText(draft.subject),
    ...bodyOf(mail),
    attachments: images.map(({ cid, content, contentType }) => ({
      cid,
      content,
      contentType,
      filename: cid,
      contentDisposition: 'inline',
    })),
    headers: { ...route.settings.headers, ...AUTOMATIC },
    messageId: messageIdOf(mail.deliveryId, publicUrl),
    date: new Date(mail.date),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** A lone CR or LF would be one on the wire, too (RFC 5321 §2.3.8). */
function bodyOf({ draft, text }: MailToCompose): { text: string; html?: string } {
  const body = withCrLf(draft.body ?? '');
  return draft.html === true ? { text: withCrLf(text ?? htmlToText(body)), html: body } : { text: body };
}

const withCrLf = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');

function replyToOf({ tenantId, draft }: MailToCompose, route: MailRoute): Mailbox | undefined {
  const wanted = route.settings.replyTo ?? (mustUseServersOwn(tenantId, route) ? draft.from : undefined);
  const parsed = wanted ? parseMailbox(wanted) : undefined;
  return parsed?.ok === true ? parsed.value : undefined;
}
