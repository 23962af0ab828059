import type { MailProviderTemplate, TlsMode } from '@signalpost/contracts';

import { parseMailbox } from '../../addresses.js';
import { hostsOf } from '../template-of.js';
import { editDistance } from './edit-distance.js';
import { isGoogle, isMicrosoft, when, type LintContext, type LintRule } from './lint-rule.js';

/** What a port stands for everywhere (RFC 8314 §3.3, RFC 6409). */
const TLS_OF_PORT: Readonly<Record<number, TlsMode>> = { 465: 'implicit', 587: 'starttls' };
const SENDS_FOR_A_MAILBOX = (context: LintContext): boolean => isMicrosoft(context) || isGoogle(context);
const MAX_TYPO = 2;

/** Host, port, TLS, user and From. */
export const CONNECTION_RULES: readonly LintRule[] = [
  {
    code: 'port-tls-mismatch',
    severity: 'error',
    find: ({ settings: { port, tls } }) => {
      const right = TLS_OF_PORT[port ?? 0];
      if (port === undefined || right === undefined || tls === undefined || tls === right) return [];
      const names = { implicit: 'implicit TLS', starttls: 'STARTTLS', none: 'no TLS' } as const;
      return [
        {
          field: '/tls',
          message: `Port ${port} is for ${names[right]}, and ${names[tls]} was chosen.`,
          fix: `Choose ${names[right]}, or another port.`,
          offer: { kind: 'set-tls', tls: right, port },
        },
      ];
    },
    wrong: [
      { port: 465, tls: 'starttls' },
      { port: 587, tls: 'implicit' },
      { port: 465, tls: 'none' },
    ],
    right: [
      { port: 465, tls: 'implicit' },
      { port: 587, tls: 'starttls' },
      { port: 25, tls: 'starttls' },
      { tls: 'starttls' },
    ],
  },
  {
    code: 'port-for-reading',
    severity: 'error',
    find: ({ settings: { port = 0 } }) =>
      when([110, 143, 993, 995].includes(port), () => ({
        field: '/port',
        message: `Port ${port} is for reading mail (IMAP or POP3).`,
        fix: 'Use 587 with STARTTLS or 465 with implicit TLS.',
        offer: { kind: 'set-tls', tls: 'starttls', port: 587 },
      })),
    wrong: [{ port: 993 }],
    right: [{ port: 2525 }],
  },
  {
    code: 'host-for-reading',
    severity: 'error',
    find: ({ settings: { host = '' } }) =>
      when(/^(imap|pop3?)[.-]|^(outlook|imap-mail)\.office365\.com$/i.test(host.trim()), () => ({
        field: '/host',
        message: 'This host is for reading mail (IMAP or POP3).',
        fix: 'Use the host for sending; its name often begins with "smtp".',
      })),
    wrong: [{ host: 'imap.gmail.com' }, { host: 'outlook.office365.com' }],
    right: [{ host: 'smtp.gmail.com' }],
  },
  {
    code: 'host-not-a-name',
    severity: 'error',
    find: ({ settings: { host = '' } }) =>
      when(/^[a-z]+:\/\/|[/@\s]|^[^:[\]]+:\d+$/i.test(host.trim()), () => ({
        field: '/host',
        message: 'The host holds more than a name.',
        fix: 'Write the name alone: no "smtp://", no path, no user, no port.',
      })),
    wrong: [{ host: 'smtp://smtp.example.org' }, { host: 'smtp.example.org:587' }, { host: 'me@example.org' }],
    right: [{ host: 'smtp.example.org' }, { host: '2001:db8::1' }],
  },
  {
    code: 'host-typo',
    severity: 'warning',
    find: ({ settings: { host = '' }, templates }) => {
      const meant = nearestHost(host.trim().toLowerCase(), templates);
      return when(meant !== undefined, () => ({
        field: '/host',
        message: `No provider that Signalpost knows has this host; "${meant ?? ''}" is very like it.`,
        fix: `Set the host to ${meant ?? ''} if that is meant.`,
        offer: { kind: 'set-host', host: meant ?? '' },
      }));
    },
    wrong: [{ host: 'smpt.gmail.com' }, { host: 'smtp.ofice365.com' }],
    right: [{ host: 'smtp.gmail.com' }, { host: 'mail.example.org' }, { host: 'email-smtp.eu-west-9.amazonaws.com' }],
  },
  {
    code: 'credentials-in-clear',
    severity: 'warning',
    find: ({ settings: { tls }, auth: { kind = 'none' } }) =>
      when(tls === 'none' && kind !== 'none', () => ({
        field: '/tls',
        message: 'The credentials travel without TLS: everybody on the way can read them.',
        fix: 'Choose STARTTLS or implicit TLS if the server has either.',
      })),
    wrong: [{ tls: 'none', auth: { kind: 'basic', username: 'a', password: 'b' } }],
    right: [
      { tls: 'none', auth: { kind: 'none' } },
      { tls: 'starttls', auth: { kind: 'basic' } },
    ],
  },
  {
    code: 'username-fixed',
    severity: 'error',
    find: ({ template, auth: { kind, username } }) => {
      const fixed = template?.username.fixed;
      if (fixed === undefined || kind !== 'basic' || username === fixed) return [];
      return [
        {
          field: '/auth/username',
          message: `${template?.name ?? 'The provider'} takes the word "${fixed}" as user name of everybody.`,
          fix: `Set the user name to "${fixed}"; the API key is the password.`,
          offer: { kind: 'set-username', username: fixed },
        },
      ];
    },
    wrong: [{ host: 'smtp.sendgrid.net', auth: { kind: 'basic', username: 'me@example.org' } }],
    right: [{ host: 'smtp.sendgrid.net', auth: { kind: 'basic', username: 'apikey' } }],
  },
  {
    code: 'password-not-taken',
    severity: 'error',
    find: ({ template, auth: { kind } }) =>
      when(kind === 'basic' && template?.auth.includes('oauth2') === true && !template.auth.includes('basic'), () => ({
        field: '/auth/kind',
        message: `${template?.name ?? 'The provider'} takes no passwords any more.`,
        fix: 'Choose OAuth 2.0.',
        offer: { kind: 'use-oauth2' },
      })),
    wrong: [{ host: 'smtp-mail.outlook.com', auth: { kind: 'basic', username: 'me@outlook.com' } }],
    right: [{ host: 'smtp.gmail.com', auth: { kind: 'basic', username: 'me@gmail.com' } }],
  },
  {
    code: 'username-not-a-mailbox',
    severity: 'error',
    find: (context) => {
      const { kind = 'none', username } = context.auth;
      const wrong =
        kind !== 'none' && username !== undefined && !username.includes('@') && SENDS_FOR_A_MAILBOX(context);
      return when(wrong, () => ({
        field: '/auth/username',
        message: 'The user name is not a mailbox.',
        fix: 'Set it to the whole address of the mailbox, like box@example.org.',
      }));
    },
    wrong: [{ host: 'smtp.office365.com', auth: { kind: 'oauth2', username: 'box' } }],
    right: [{ host: 'smtp.office365.com', auth: { kind: 'oauth2', username: 'box@example.org' } }],
  },
  {
    code: 'from-not-the-mailbox',
    severity: 'warning',
    find: (context) => {
      const { username = '', sharedMailbox = '' } = context.auth;
      const from = parseMailbox(context.settings.from ?? '');
      if (!from.ok || !username.includes('@') || !SENDS_FOR_A_MAILBOX(context)) return [];
      const mailboxes = [username, sharedMailbox].map((mailbox) => mailbox.trim().toLowerCase());
      return when(!mailboxes.includes(from.value.address.toLowerCase()), () => ({
        field: '/from',
        message:
          'From is another address than the mailbox that signs in; the provider refuses or rewrites it without "Send as".',
        fix: 'Set From to the mailbox, or have "Send as" granted on the From address.',
        offer: { kind: 'set-from', from: sharedMailbox || username },
      }));
    },
    wrong: [
      { host: 'smtp.office365.com', from: 'a@example.org', auth: { kind: 'basic', username: 'box@example.org' } },
    ],
    right: [
      {
        host: 'smtp.office365.com',
        from: 'Box <Box@example.org>',
        auth: { kind: 'basic', username: 'box@example.org' },
      },
      { host: 'mail.example.org', from: 'a@example.org', auth: { kind: 'basic', username: 'box@example.org' } },
    ],
  },
  {
    code: 'ses-secret-key',
    severity: 'warning',
    find: ({ settings: { host = '' }, auth: { password = '' } }) =>
      when(/amazonaws\.com(\.cn)?$/i.test(host) && /^[A-Za-z0-9/+]{40}$/.test(password), () => ({
        field: '/auth/password',
        message: 'This looks like the secret key of an AWS user; Amazon SES wants an SMTP password, which is longer.',
        fix: 'Create SMTP credentials in the console of SES, in the region that the host name says.',
      })),
    wrong: [{ host: 'email-smtp.eu-west-1.amazonaws.com', auth: { kind: 'basic', password: 'a'.repeat(40) } }],
    right: [{ host: 'email-smtp.eu-west-1.amazonaws.com', auth: { kind: 'basic', password: 'a'.repeat(44) } }],
  },
];

/** Regions differ by a letter, too: within one domain, only short names are compared. */
function nearestHost(host: string, templates: readonly MailProviderTemplate[]): string | undefined {
  const known = templates.flatMap(hostsOf);
  if (host === '' || known.includes(host)) return undefined;
  const domain = (name: string): string => name.split('.').slice(-2).join('.');
  return known.find(
    (name) =>
      Math.abs(name.length - host.length) <= MAX_TYPO &&
      !(domain(name) === domain(host) && name.split('.').length > 3) &&
      editDistance(name, host) <= MAX_TYPO,
  );
}
