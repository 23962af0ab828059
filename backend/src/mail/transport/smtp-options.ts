import type { Socket } from 'node:net';

import type { SMTPPoolOptions } from 'nodemailer';

import type { Dialer, EgressGuard } from '../../net/index.js';
import type { AccessToken } from '../oauth/token-service.js';
import { portOf } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import { dialerOf } from './route-dialer.js';
import { PinnedCertificate, tlsOptions } from './smtp-tls.js';
import { TOKEN_SIGN_IN, tokenSignIn } from './smtp-sign-in.js';

/**
 * nodemailer's options for a route. `requireTLS` instead of its default, which goes on in clear when STARTTLS is missing;
 * `forceAuth`, because it otherwise sends without signing in when the server offers no AUTH; no requeueing, because
 * retrying is the outbox's.
 */
export function smtpOptions(
  route: MailRoute,
  egress: EgressGuard,
  used: (token: AccessToken) => void,
  onLine?: ConversationListener,
): SMTPPoolOptions {
  const { settings: smtp } = route;
  return {
    pool: true,
    host: smtp.host,
    port: portOf(smtp),
    secure: smtp.tls === 'implicit',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'none',
    tls: tlsOptions(smtp),
    ...authOptions(route, used),
    ...(smtp.ehloName === undefined ? {} : { name: smtp.ehloName }),
    maxConnections: smtp.maxConnections,
    maxMessages: smtp.maxMessagesPerConnection,
    maxRequeues: 0,
    connectionTimeout: smtp.connectionTimeout,
    greetingTimeout: smtp.greetingTimeout,
    socketTimeout: smtp.socketTimeout,
    ...(onLine === undefined ? { logger: false } : { logger: listening(onLine), transactionLog: true }),
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(route.sandbox ? {} : { getSocket: guardedSocket(route, dialerOf(route.connector, egress)) }),
  };
}

/** Whose mails are sent: the shared mailbox stands in XOAUTH2's `user=`. */
export const mailboxOf = ({ username, sharedMailbox }: { username: string; sharedMailbox?: string | undefined }) =>
  sharedMailbox ?? username;

function authOptions({ settings, token: tokens }: MailRoute, used: (token: AccessToken) => void): SMTPPoolOptions {
  const { auth, host } = settings;
  if (auth.kind === 'basic') return { auth: { user: auth.username, pass: auth.password }, forceAuth: true };
  if (auth.kind === 'none' || tokens === null) return {};
  const username = mailboxOf(auth);
  return {
    auth: { user: username },
    authMethod: TOKEN_SIGN_IN,
    customAuth: { [TOKEN_SIGN_IN]: tokenSignIn({ username, host, port: portOf(settings), tokens, used }) },
    forceAuth: true,
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
type GivenSocket = { readonly connection: Socket } & Pick<SMTPPoolOptions, 'tls'>;

function guardedSocket({ settings, dialAllowed }: MailRoute, dialer: Dialer): GetSocket {
  const { host, connectionTimeout: timeoutMs, pinnedCertificate, tls } = settings;
  const dial = (): Promise<Socket> => dialer.connect({ host, port: portOf(settings), timeoutMs, allowed: dialAllowed });
  const pinned =
    pinnedCertificate === undefined || tls === 'none'
      ? undefined
      : new PinnedCertificate({ ...settings, pinnedCertificate }, dial, settings.greetingTimeout);
  const open = async (): Promise<GivenSocket> => {
    const trust = pinned && { tls: await pinned.options() };
    return { connection: await dial(), ...trust };
  };
  return (_options, callback) => {
    open().then(
      (given) => callback(null, given),
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    );
  };
}
