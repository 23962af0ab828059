import { DEFAULT_SMTP_PORT, type StoredMailServerSettings, type TlsMode } from '@signalpost/contracts';

import { isLoopback } from '../../config/index.js';
import { endpointOf, type EgressGuard } from '../../net/index.js';
import { parseMailbox } from '../addresses.js';
import { mailFailure, type MailFailure } from '../failures.js';

/** What every mail gets from Signalpost itself; a second one of these would contradict the first. */
const OWN_HEADERS = new Set(
  [
    'from',
    'sender',
    'to',
    'cc',
    'bcc',
    'reply-to',
    'subject',
    'date',
    'message-id',
    'mime-version',
    'auto-submitted',
    'return-path',
    'received',
    'dkim-signature',
  ].concat([
    'content-type',
    'content-transfer-encoding',
    'content-disposition',
    'content-id',
    'x-auto-response-suppress',
  ]),
);

/** What the schema cannot see: addresses, headers that are ours, a password without TLS. undefined: all well. */
export function checkSettings(
  settings: StoredMailServerSettings,
  egress: EgressGuard,
  allowed: readonly string[],
): MailFailure | undefined {
  for (const [field, text] of [
    ['from', settings.from],
    ['replyTo', settings.replyTo],
  ] as const) {
    const parsed = text === undefined ? undefined : parseMailbox(text);
    if (parsed?.ok === false) return mailFailure('mail-server-unusable', `${field}: ${parsed.failure.message}`);
  }
  const own = Object.keys(settings.headers).find((name) => OWN_HEADERS.has(name.toLowerCase()));
  if (own !== undefined)
    return mailFailure('mail-server-unusable', `headers: Signalpost writes "${own}" itself; leave it out.`);
  return settings.provider !== 'sandbox' ? checkCleartext(settings, egress, allowed) : undefined;
}

/** What says whether credentials would go out in clear. */
export interface Dialled {
  readonly host: string;
  readonly port?: number | string | undefined;
  readonly tls: TlsMode;
  readonly auth: { readonly kind: string };
}

/** RFC 8314 §3.3: no password in clear, but to this machine or where the operator says so. */
export function checkCleartext(
  settings: Dialled,
  egress: EgressGuard,
  allowed: readonly string[],
): MailFailure | undefined {
  if (settings.tls !== 'none' || settings.auth.kind === 'none') return undefined;
  const port = Number(portOf(settings));
  const permitted =
    isLoopback(settings.host) ||
    egress.isListed(settings.host, port) ||
    allowed.includes(endpointOf(settings.host, port));
  return permitted ? undefined : mailFailure('cleartext-credentials', `${settings.host} has TLS mode "none".`);
}

/** A macro stays one. */
export const portOf = <P extends number | string>(settings: {
  readonly port?: P | undefined;
  readonly tls: TlsMode;
}): P | number => settings.port ?? DEFAULT_SMTP_PORT[settings.tls];
