import type { OutboundSettings } from '@signalpost/contracts';
import type { EmailDraft } from '@signalpost/rule-nodes/runtime';

import type { Mailbox } from '../addresses.js';
import { mailFailure, type MailFailure } from '../failures.js';
import { draftAddresses, subjectText } from '../outbox/draft.js';
import type { MailRoute } from '../servers/mail-route.js';
import { bodyOf } from './body.js';
import { readInlineImages } from './inline-images.js';
import { mimeBytes } from './mime-bytes.js';
import { confirmationTo, replyToOf, senderOf } from './sender.js';
import { signDkim } from './sign-dkim.js';

export { copiesOf, envelopeSender, senderOf } from './sender.js';

type MailPriority = NonNullable<OutboundSettings['defaults']['priority']>;

export interface MailToCompose {
  readonly tenantId: string;
  readonly deliveryId: string;
  readonly draft: EmailDraft;
  /** The plain-text part of an HTML mail; absent: made of the HTML. */
  readonly text?: string;
  /** BCP 47; absent: the server's default. */
  readonly language?: string;
  /** Goes into the Date header: milliseconds since the epoch. */
  readonly date: number;
}

/** RFC 3834 §5 and Microsoft's header of the same purpose: no out-of-office replies to machines. */
const AUTOMATIC = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

/** As mail programs read it (RFC 2156 §5.3.6 for Importance). */
const PRIORITY: Readonly<Record<MailPriority, Readonly<Record<string, string>>>> = {
  high: { 'X-Priority': '1 (Highest)', Importance: 'High' },
  normal: {},
  low: { 'X-Priority': '5 (Lowest)', Importance: 'Low' },
};

/** Derived, so that a mail keeps it whatever happens: `<delivery id@host of PUBLIC_URL>`. */
export function messageIdOf(deliveryId: string, publicUrl: string): string {
  return `<${deliveryId}@${hosts.get(publicUrl) ?? hostOf(publicUrl)}>`;
}

/** Read once: there is one PUBLIC_URL, and each mail asks for it. */
const hosts = new Map<string, string>();

function hostOf(publicUrl: string): string {
  const host = new URL(publicUrl).hostname.replace(/[^A-Za-z0-9.-]/g, '');
  hosts.set(publicUrl, host);
  return host;
}

/** The bytes of a mail: the same mail over the same settings gives the same bytes, whenever they are made. */
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
  const { settings } = route;
  const replyTo = replyToOf(mail.tenantId, draft, route);
  const body = { body: draft.body ?? '', html: draft.html === true, text: mail.text, footer: settings.footer };
  const raw = await mimeBytes({
    head: {
      from: sender,
      to: addresses.to,
      cc: addresses.cc,
      ...(replyTo === undefined ? {} : { replyTo }),
      headers: headersOf(mail, sender, route),
    },
    subject: subjectText(draft.subject),
    messageId: messageIdOf(mail.deliveryId, publicUrl),
    date: new Date(mail.date),
    ...bodyOf(body),
    images,
    boundary: mail.deliveryId.replaceAll('-', ''),
  });
  return settings.dkim === undefined ? raw : signDkim(raw, settings.dkim);
}

function headersOf({ language }: MailToCompose, sender: Mailbox, route: MailRoute): Record<string, string> {
  const { headers, defaults } = route.settings;
  const spoken = language ?? defaults.language;
  const confirmation = confirmationTo(sender, route);
  return {
    ...headers,
    ...PRIORITY[defaults.priority ?? 'normal'],
    ...(spoken === undefined ? {} : { 'Content-Language': spoken }),
    ...(confirmation === undefined ? {} : { 'Disposition-Notification-To': confirmation.address }),
    ...AUTOMATIC,
  };
}
