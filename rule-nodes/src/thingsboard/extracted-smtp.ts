/** The SMTP settings of a ThingsBoard "send email" node: they become a mail server of the tenant, never part of a chain. */
import { z } from 'zod';

import { flag, textOrNull, wholeNumber } from '../language/config-fields.js';
import type { JsonObject } from '../language/rule-message.js';

/** Keys of the node's configuration that hold secrets. */
export const SMTP_SECRETS = ['password', 'proxyPassword'] as const;

const Settings = z.object({
  useSystemSmtpSettings: flag(),
  smtpHost: textOrNull(),
  smtpPort: wholeNumber(),
  smtpProtocol: textOrNull(),
  timeout: wholeNumber(),
  enableTls: flag(),
  tlsVersion: textOrNull(),
  enableProxy: flag(),
  proxyHost: textOrNull(),
  proxyPort: textOrNull(),
  proxyUser: textOrNull(),
  proxyPassword: textOrNull(),
  username: textOrNull(),
  password: textOrNull(),
});

export interface ExtractedSmtp {
  readonly nodeId: string;
  readonly nodeName: string;
  readonly host: string;
  readonly port: number;
  readonly protocol: 'smtp' | 'smtps';
  /** `starttls` is required here, where ThingsBoard only tries. */
  readonly tls: 'none' | 'starttls' | 'implicit';
  readonly enableTls: boolean;
  readonly tlsVersion: string | null;
  /** null: without authentication. */
  readonly username: string | null;
  readonly password: string | null;
  readonly timeoutMs: number;
  readonly proxy: {
    readonly host: string;
    readonly port: number;
    readonly username: string | null;
    readonly password: string | null;
  } | null;
}

/** null where the node uses the system's mail server, or where its settings cannot be read. */
export function extractSmtp(nodeId: string, nodeName: string, config: JsonObject): ExtractedSmtp | null {
  const read = Settings.safeParse(config);
  if (!read.success || read.data.useSystemSmtpSettings || !read.data.smtpHost) return null;
  const { smtpHost: host, smtpPort, enableTls, tlsVersion, timeout } = read.data;
  const protocol = read.data.smtpProtocol?.toLowerCase() === 'smtps' ? 'smtps' : 'smtp';
  const tls = protocol === 'smtps' ? 'implicit' : enableTls ? 'starttls' : 'none';
  const username = read.data.username ? read.data.username : null;
  return {
    nodeId,
    nodeName,
    host,
    port: smtpPort || DEFAULT_PORT[tls],
    protocol,
    tls,
    enableTls,
    tlsVersion,
    username,
    password: username === null ? null : read.data.password,
    timeoutMs: timeout,
    proxy: proxyOf(read.data),
  };
}

/** RFC 6409, RFC 8314; where the file names no port. */
const DEFAULT_PORT = { none: 25, starttls: 587, implicit: 465 } as const;

function proxyOf({
  enableProxy,
  proxyHost,
  proxyPort,
  proxyUser,
  proxyPassword,
}: z.output<typeof Settings>): ExtractedSmtp['proxy'] {
  if (!enableProxy || !proxyHost) return null;
  return { host: proxyHost, port: Number(proxyPort) || 0, username: proxyUser, password: proxyPassword };
}
