import type { SMTPPoolOptions } from 'nodemailer';

import type { EgressGuard } from '../../net/index.js';
import { portOf } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';

/** RFC 8314 §4.1, RFC 8996: nothing below. */
const MIN_TLS = 'TLSv1.2';

/**
 * nodemailer's options for a route. `requireTLS` instead of its default, which goes on in clear when STARTTLS is missing;
 * `forceAuth`, because it otherwise sends without signing in when the server offers no AUTH; no requeueing, because
 * retrying is the outbox's.
 */
export function smtpOptions(
  { settings: smtp, sandbox, dialAllowed }: MailRoute,
  egress: EgressGuard,
  onLine?: ConversationListener,
): SMTPPoolOptions {
  const { host, auth, connectionTimeout } = smtp;
  const port = portOf(smtp);
  return {
    pool: true,
    host,
    port,
    secure: smtp.tls === 'implicit',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'none',
    tls: { minVersion: MIN_TLS },
    ...(auth.kind === 'basic' ? { auth: { user: auth.username, pass: auth.password }, forceAuth: true } : {}),
    ...(smtp.ehloName === undefined ? {} : { name: smtp.ehloName }),
    maxConnections: smtp.maxConnections,
    maxMessages: smtp.maxMessagesPerConnection,
    maxRequeues: 0,
    connectionTimeout,
    greetingTimeout: smtp.greetingTimeout,
    socketTimeout: smtp.socketTimeout,
    ...(onLine === undefined ? { logger: false } : { logger: listening(onLine), transactionLog: true }),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(sandbox
      ? {}
      : { getSocket: guardedSocket(egress, { host, port, timeoutMs: connectionTimeout, allowed: dialAllowed }) }),
  };
}

/** Hears every line of the conversation, credentials masked; mails themselves are not part of it. */
export type ConversationListener = (from: 'client' | 'server', line: string) => void;

/** nodemailer hands what a logger has no method for to another of its methods; the conversation alone is wanted. */
function listening(onLine: ConversationListener): NonNullable<SMTPPoolOptions['logger']> {
  const nothing = (): void => undefined;
  const debug = ({ tnx }: { readonly tnx?: unknown }, text: unknown): void => {
    if (tnx !== 'client' && tnx !== 'server') return;
    for (const line of String(text).split(/\r?\n/)) onLine(tnx, line);
  };
  return { debug, trace: nothing, info: nothing, warn: nothing, error: nothing, fatal: nothing };
}

type GetSocket = NonNullable<SMTPPoolOptions['getSocket']>;

function guardedSocket(egress: EgressGuard, target: Parameters<EgressGuard['connect']>[0]): GetSocket {
  return (_options, callback) => {
    egress.connect(target).then(
      (connection) => callback(null, { connection }),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  };
}
