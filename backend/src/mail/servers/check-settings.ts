import {
  DEFAULT_SMTP_PORT,
  type StoredMailServerSettings,
  type StoredOutboundSettings,
  type TlsMode,
} from '@signalpost/contracts';

import { isLoopback } from '../../config/index.js';
import { endpointOf, type EgressGuard } from '../../net/index.js';
import { parseMailbox } from '../addresses.js';
import { mailFailure, type MailFailure } from '../failures.js';
import { checkCertificates, checkClientCertificate, checkDkimKey } from './check-keys.js';
import { checkTemplate } from './check-template.js';
import type { SettingsProblem } from './settings-problem.js';
import { hasMacro, unsetVariables, withoutMacros, type Variables } from './macros.js';

/** What the settings are held against. */
export interface SettingsContext {
  readonly egress: EgressGuard;
  /** `host:port` pairs that this server may dial all the same. */
  readonly allowed: readonly string[];
  /** Of the system: may read the program's environment. */
  readonly variables: Variables | undefined;
  /** Secrets by their paths where they are named: what the store holds for them. */
  readonly secretOf: (value: string | { readonly secretId: string }) => string | undefined;
  readonly now: number;
}

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

/** What the schema cannot see. Empty: all well. */
export function checkSettings(settings: StoredMailServerSettings, context: SettingsContext): SettingsProblem[] {
  const found = [...checkMessages(settings)];
  if (settings.provider === 'sandbox') return found;
  const macros = checkMacros(settings, context);
  const cleartext = checkCleartext(withoutMacros(settings, context.variables ?? {}), context.egress, context.allowed);
  return [
    ...found,
    ...macros,
    ...checkTemplate(settings),
    ...(cleartext === undefined || macros.length > 0 ? [] : [inClear(cleartext)]),
    ...checkPem(settings, context),
  ];
}

const inClear = ({ code, message }: MailFailure): SettingsProblem => ({ field: 'tls', code, message });

function checkMessages(settings: StoredMailServerSettings): SettingsProblem[] {
  const { from, replyTo, returnPath, readConfirmation, bcc, headers } = settings;
  const mailboxes = { from, replyTo, returnPath, 'readConfirmation.address': readConfirmation.address };
  const wrong = [
    ...Object.entries(mailboxes),
    ...bcc.map((address, index) => [`bcc.${index}`, address] as const),
  ].flatMap(([field, text]) => {
    const parsed = text === undefined ? undefined : parseMailbox(text);
    return parsed?.ok === false ? [{ field, message: parsed.failure.message }] : [];
  });
  const own = Object.keys(headers).filter((name) => OWN_HEADERS.has(name.toLowerCase()));
  return [
    ...wrong,
    ...own.map((name) => ({ field: `headers.${name}`, message: `Signalpost writes "${name}" itself; leave it out.` })),
  ];
}

/** A tenant must not read the program's environment. */
function checkMacros(settings: StoredOutboundSettings, { variables }: SettingsContext): SettingsProblem[] {
  const { auth } = settings;
  const texts = { host: settings.host, port: String(settings.port ?? ''), 'auth.username': usernameOf(auth) };
  return Object.entries(texts).flatMap(([field, text]): SettingsProblem[] => {
    if (!hasMacro(text)) return [];
    if (variables === undefined || (auth.kind === 'oauth2' && field === 'auth.username'))
      return [{ field, message: '"${" has no meaning here; write the value itself.' }];
    const unset = unsetVariables(text, variables);
    return unset.map((name) => ({ field, message: `the variable ${name} is not set where Signalpost runs.` }));
  });
}

const usernameOf = (auth: StoredOutboundSettings['auth']): string => (auth.kind === 'none' ? '' : auth.username);

function checkPem(settings: StoredOutboundSettings, { secretOf, now }: SettingsContext): SettingsProblem[] {
  const { ca, clientCertificate, dkim } = settings;
  const key = clientCertificate && secretOf(clientCertificate.privateKey);
  const dkimKey = dkim && secretOf(dkim.privateKey);
  const faults = {
    ca: ca === undefined ? undefined : checkCertificates(ca),
    clientCertificate:
      clientCertificate && key ? checkClientCertificate(clientCertificate.certificate, key, now) : undefined,
    'dkim.privateKey': dkimKey ? checkDkimKey(dkimKey) : undefined,
  };
  return Object.entries(faults).flatMap(([field, message]) => (message === undefined ? [] : [{ field, message }]));
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
