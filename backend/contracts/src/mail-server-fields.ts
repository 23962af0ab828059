/** The fields of a mail server's settings, each described once. `mail-server.ts` makes the shapes of them. */
import { z } from 'zod';

import { idSchema } from './basic.js';
import { fieldHints as hints } from './form-hints.js';
import { API_TRANSPORTS, MAIL_PROVIDER_IDS, type MailProviderId } from './mail-provider.js';
import { tlsModeSchema } from './smtp.js';

export const oneLine = z.string().regex(/^\P{Cc}*$/u, 'must be one line without control characters');

/** One address with an optional name: `Plant 3 <alarm@example.org>`. Parsed in full when the server is saved. */
const mailbox = oneLine.min(3).max(512);
const pem = z.string().min(1).max(20_000);

/** `graph` and `gmail` only where the provider's template has their address, and with OAuth 2.0 alone. */
export const MAIL_TRANSPORTS = ['smtp', ...API_TRANSPORTS] as const;
export const mailTransportKindSchema = z.enum(MAIL_TRANSPORTS);
export type MailTransportKind = z.infer<typeof mailTransportKindSchema>;

export const TLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
export const MAIL_PRIORITIES = ['high', 'normal', 'low'] as const;

/** Replaced by the variable of the program's environment when a mail is sent; in the system's scope alone. */
export const MACRO = /\$\{(SIGNALPOST_VAR_[A-Z0-9_]+)\}/g;

const OVER_SMTP = { field: 'transport', in: ['smtp'] } as const;
const OVER_TLS = { field: 'tls', in: ['starttls', 'implicit'] } as const;

const HOST_RULE = 'must be a host name or an IP address';
const HOST_HINTS = hints({ title: 'Host', section: 'connection', showIf: OVER_SMTP, placeholder: 'smtp.example.org' });
const PORT_HINTS = hints({ title: 'Port', section: 'connection', showIf: OVER_SMTP });
export const host = z
  .string()
  .regex(/^[A-Za-z0-9_.:-]{1,253}$/, HOST_RULE)
  .meta(HOST_HINTS);
export const hostOrMacro = z
  .string()
  .max(253)
  .regex(new RegExp(`^([A-Za-z0-9_.:-]|${MACRO.source})+$`), HOST_RULE)
  .meta(HOST_HINTS);
/** Absent: as `DEFAULT_SMTP_PORT` says. */
export const port = z.int().min(1).max(65_535).meta(PORT_HINTS);
export const portOrMacro = z
  .union([port, z.string().regex(new RegExp(`^${MACRO.source}$`), 'must be a port number')])
  .meta(PORT_HINTS);
/** Header names are tokens (RFC 5322 §3.6.8); what Signalpost writes itself is refused when the server is saved. */
const headerMap = z.record(z.string().regex(/^[A-Za-z0-9-]{1,70}$/, 'must be a header name'), oneLine.max(900));

/** Headings of the form, in their order. */
export const MAIL_SERVER_SECTIONS = [
  { id: 'sender', title: 'Sender and message' },
  { id: 'connection', title: 'Connection' },
  { id: 'sign-in', title: 'Sign-in' },
  { id: 'security', title: 'TLS in detail' },
  { id: 'limits', title: 'Limits and timeouts' },
  { id: 'signing', title: 'Signature (DKIM)' },
] as const;

/** How every mail over this server looks. */
export const messageFields = {
  /** Who sends when the mail itself does not say. */
  from: mailbox.meta(
    hints({ title: 'From', section: 'sender', widget: 'mailbox', placeholder: 'Plant 3 <alarm@example.org>' }),
  ),
  replyTo: mailbox.optional().meta(hints({ title: 'Reply-To', section: 'sender', widget: 'mailbox' })),
  /** The envelope's sender, who gets the bounces; the From address where absent. */
  returnPath: mailbox.optional().meta(
    hints({
      title: 'Return-Path',
      section: 'sender',
      widget: 'mailbox',
      description: 'Gets what cannot be delivered. Empty: the From address.',
    }),
  ),
  /** RFC 8098: asks the reader's program to tell that the mail was read; to the From address where none is given. */
  readConfirmation: z
    .strictObject({
      requested: z
        .boolean()
        .default(false)
        .meta(hints({ title: 'Ask for read confirmations', widget: 'switch' })),
      address: mailbox.optional().meta(
        hints({
          title: 'Read confirmations go to',
          widget: 'mailbox',
          description: 'Empty: the From address.',
          showIf: { field: 'readConfirmation.requested', in: [true] },
        }),
      ),
    })
    .prefault({})
    .meta(hints({ title: 'Read confirmation', section: 'sender' })),
  /** Never on system mail (activation, reset, …). */
  bcc: z
    .array(mailbox)
    .max(20)
    .default([])
    .meta(
      hints({
        title: 'Automatic BCC',
        section: 'sender',
        widget: 'mailboxes',
        description: 'Gets a copy of every mail of rule chains; account mails are never copied.',
      }),
    ),
  footer: z
    .string()
    .max(4_000)
    .optional()
    .meta(
      hints({ title: 'Footer', section: 'sender', widget: 'textarea', description: 'Below the text of every mail.' }),
    ),
  /** A mail may not say otherwise: sender, reply address and headers are the server's. */
  force: z
    .boolean()
    .default(false)
    .meta(
      hints({
        title: 'Force these values',
        section: 'sender',
        widget: 'switch',
        description: 'A rule chain node cannot override sender, reply address and headers.',
      }),
    ),
  headers: headerMap.default({}).meta(hints({ title: 'Extra headers', section: 'sender', widget: 'headers' })),
  /** What a mail gets that does not say otherwise. */
  defaults: z
    .strictObject({
      priority: z
        .enum(MAIL_PRIORITIES)
        .optional()
        .meta(hints({ title: 'Priority', widget: 'select' })),
      /** BCP 47; goes into Content-Language. */
      language: z
        .string()
        .max(35)
        .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language like "en" or "de-AT"')
        .optional()
        .meta(hints({ title: 'Language', placeholder: 'en' })),
      giveUpAfterSeconds: z
        .int()
        .min(60)
        .max(30 * 86_400)
        .optional()
        .meta(hints({ title: 'Give up after', description: "Empty: the product's default.", unit: 's' })),
    })
    .prefault({})
    .meta(hints({ title: 'Message defaults', section: 'sender' })),
};

const milliseconds = (title: string, fallback: number) =>
  z
    .int()
    .min(1_000)
    .max(600_000)
    .default(fallback)
    .meta(hints({ title, section: 'limits', unit: 'ms' }));

const count = (least: number, most: number) => z.int().min(least).max(most);
const limitHints = (title: string, more: { unit?: string; placeholder?: string } = {}) =>
  hints({ title, section: 'limits', ...more });

/** How mails reach a server, but for what differs between the shapes. */
export const connectionFields = {
  transport: mailTransportKindSchema.default('smtp').meta(
    hints({
      title: 'Sends over',
      section: 'connection',
      widget: 'select',
      description: 'The APIs are the way out where a provider has switched SMTP off.',
    }),
  ),
  /** null: direct; absent: as the system's default says. */
  connectorId: idSchema
    .nullable()
    .optional()
    .meta(
      hints({
        title: 'Connector',
        section: 'connection',
        widget: 'connector',
        description: 'The proxy for mails and for the token requests alike.',
      }),
    ),
  /** The name this side gives in EHLO; the machine's own where absent. */
  ehloName: z
    .string()
    .regex(/^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f.:]+\])$/, 'must be a host name')
    .max(253)
    .optional()
    .meta(hints({ title: 'EHLO name', section: 'connection', showIf: OVER_SMTP })),
  tlsMinVersion: z
    .enum(TLS_VERSIONS)
    .default('TLSv1.2')
    .meta(hints({ title: 'Lowest TLS version', section: 'security', widget: 'select', showIf: OVER_TLS })),
  checkServerIdentity: z
    .boolean()
    .default(true)
    .meta(
      hints({
        title: "Check the server's identity",
        section: 'security',
        widget: 'switch',
        showIf: OVER_TLS,
        description: "Off: the certificate's name may be another than the host's.",
      }),
    ),
  /** SHA-256 of the one certificate that is trusted whoever signed it; hex with or without colons. */
  pinnedCertificate: z
    .string()
    .regex(/^([0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}$/, 'must be a SHA-256 fingerprint of 64 hexadecimal digits')
    .optional()
    .meta(
      hints({
        title: 'Accept one certificate',
        section: 'security',
        showIf: OVER_TLS,
        description: 'Its SHA-256 fingerprint; the connection doctor shows it.',
      }),
    ),
  /** PEM of the CAs that are trusted in place of the program's own. */
  ca: pem
    .optional()
    .meta(hints({ title: 'CA certificates (PEM)', section: 'security', widget: 'pem', showIf: OVER_TLS })),
  connectionTimeout: milliseconds('Time to connect', 30_000),
  greetingTimeout: milliseconds('Time to greet', 30_000),
  /** Silence of the server within a session. */
  socketTimeout: milliseconds('Silence within a session', 120_000),
};

const NO_LIMIT = { placeholder: 'no limit' };

/** What a provider's template fills in where it is left out. */
const templated = {
  tls: tlsModeSchema.meta(
    hints({
      title: 'TLS',
      section: 'connection',
      widget: 'select',
      showIf: OVER_SMTP,
      description: 'STARTTLS is required, never skipped; "none" sends in clear.',
    }),
  ),
  /** Connections at the same time, of each instance; at most four times as many mails are under way. */
  maxConnections: count(1, 500).meta(limitHints('Connections at the same time')),
  /** Before a connection is closed and opened anew. */
  maxMessagesPerConnection: count(1, 1_000_000).meta(limitHints('Mails over one connection')),
  /** Of all instances together. null: no limit. */
  messagesPerMinute: count(1, 1_000_000).nullable().meta(limitHints('Mails a minute', NO_LIMIT)),
  recipientsPerMessage: count(1, 10_000).nullable().meta(limitHints('Recipients a mail', NO_LIMIT)),
  maxMessageBytes: count(10_000, 200_000_000)
    .nullable()
    .meta(limitHints('Size of a mail', { ...NO_LIMIT, unit: 'bytes' })),
};

/** As they are stored. */
export const filled = {
  tls: templated.tls.default('starttls'),
  maxConnections: templated.maxConnections.default(5),
  maxMessagesPerConnection: templated.maxMessagesPerConnection.default(1_000),
  messagesPerMinute: templated.messagesPerMinute.default(null),
  recipientsPerMessage: templated.recipientsPerMessage.default(null),
  maxMessageBytes: templated.maxMessageBytes.default(null),
};

/** As they come in: what is absent is as the template says. */
export const unfilled = {
  tls: templated.tls.optional(),
  maxConnections: templated.maxConnections.optional(),
  maxMessagesPerConnection: templated.maxMessagesPerConnection.optional(),
  messagesPerMinute: templated.messagesPerMinute.optional(),
  recipientsPerMessage: templated.recipientsPerMessage.optional(),
  maxMessageBytes: templated.maxMessageBytes.optional(),
};

export const OUTBOUND_PROVIDER_IDS = MAIL_PROVIDER_IDS.filter(
  (id): id is Exclude<MailProviderId, 'sandbox'> => id !== 'sandbox',
);

export const username = oneLine
  .min(1)
  .max(255)
  .meta(hints({ title: 'User name' }));

/** What holds secrets; `secret` makes what stands for one of at most so many characters. */
export const basicAuth = <S extends z.ZodType, U extends z.ZodType>(secret: (longest: number) => S, user: U) =>
  z.strictObject({
    kind: z.literal('basic'),
    username: user,
    password: secret(1_024).meta(hints({ title: 'Password', widget: 'secret' })),
  });

export const clientCertificate = <S extends z.ZodType>(secret: (longest: number) => S) =>
  z
    .strictObject({
      certificate: pem.meta(hints({ title: 'Certificate (PEM)', widget: 'pem' })),
      privateKey: secret(20_000).meta(hints({ title: 'Private key (PEM)', widget: 'secret' })),
    })
    .optional()
    .meta(hints({ title: 'Client certificate', section: 'security', showIf: OVER_TLS }));

export const dkim = <S extends z.ZodType>(secret: (longest: number) => S) =>
  z
    .strictObject({
      domain: z
        .string()
        .max(253)
        .regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'must be a domain')
        .meta(hints({ title: 'Domain', placeholder: 'example.org' })),
      selector: z
        .string()
        .max(63)
        .regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/, 'must be a selector like "s1"')
        .meta(hints({ title: 'Selector' })),
      privateKey: secret(20_000).meta(hints({ title: 'Private key (PEM)', widget: 'secret' })),
    })
    .optional()
    .meta(hints({ title: 'DKIM', section: 'signing', showIf: OVER_SMTP }));

export const AUTH_HINTS = hints({ title: 'Sign-in', section: 'sign-in' });
