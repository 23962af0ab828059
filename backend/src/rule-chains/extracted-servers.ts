import { isIP } from 'node:net';

import { outboundSettingsSchema, type ImportedChain as ImportAnswer } from '@signalpost/contracts';
import type { ExtractedSmtp } from '@signalpost/rule-nodes/thingsboard';

import { z } from 'zod';

import type { Actor } from '../access/index.js';
import type { UnitOfWork } from '../db/index.js';
import type { MailServers, SaveResult } from '../mail/index.js';

interface Note {
  readonly level: ImportAnswer['report']['nodes'][number]['level'];
  readonly text: string;
}

/** Where the servers are to be saved, and on whose behalf. */
interface Destination {
  readonly uow: UnitOfWork;
  readonly mailServers: MailServers;
  readonly tenantId: string;
  readonly mayDialAnywhere: boolean;
  readonly by: Actor;
}

/** What became of the SMTP settings that a file's nodes held. */
export interface Extraction {
  /** Mail server ids by node id. */
  readonly serverIds: ReadonlyMap<string, string>;
  /** What a person should know, by node id. */
  readonly notes: ReadonlyMap<string, Note>;
}

/** Makes a named mail server of the tenant of each node's SMTP settings; a server that is there already is used as it is. */
export async function saveExtractedServers(to: Destination, extracted: readonly ExtractedSmtp[]): Promise<Extraction> {
  const serverIds = new Map<string, string>();
  const notes = new Map<string, Note>();
  for (const smtp of extracted) {
    const existing = await to.mailServers.findByName(to.uow, to.tenantId, smtp.host);
    const made = existing === null ? await save(to, smtp) : { id: existing, note: reused(smtp) };
    if (made.id !== null) serverIds.set(smtp.nodeId, made.id);
    notes.set(smtp.nodeId, made.note);
  }
  return { serverIds, notes };
}

/** As the file says; where that would send the password in clear, with STARTTLS required. */
async function save(
  { uow, mailServers, tenantId, mayDialAnywhere, by }: Destination,
  smtp: ExtractedSmtp,
): Promise<{ id: string | null; note: Note }> {
  const settings = settingsOf(smtp);
  if (!settings.success) return unusable(z.prettifyError(settings.error));
  const store = (tls: ExtractedSmtp['tls']): Promise<SaveResult> =>
    mailServers.save(uow, tenantId, {
      name: smtp.host,
      default: false,
      active: true,
      managed: false,
      mayDialAnywhere,
      by,
      settings: { ...settings.data, tls },
    });
  const asGiven = await store(smtp.tls);
  if (asGiven.ok) return { id: asGiven.value.id, note: created(smtp, '') };
  const secured = smtp.tls === 'none' ? await store('starttls') : asGiven;
  if (secured.ok) return { id: secured.value.id, note: created(smtp, STARTTLS_NOW) };
  return unusable(secured.failure.message);
}

const unusable = (why: string): { id: null; note: Note } => ({
  id: null,
  note: {
    level: 'error',
    text: `Its SMTP settings cannot be used: ${why} Until you choose a mail server, the default one is used.`,
  },
});

const STARTTLS_NOW = ' ThingsBoard sent its password in clear text; here STARTTLS is required.';

function created(smtp: ExtractedSmtp, addition: string): Note {
  const proxy = smtp.proxy === null ? '' : ' Its proxy was left out; set one on the mail server.';
  return { level: 'info', text: `Its SMTP settings are now the mail server "${smtp.host}".${addition}${proxy}` };
}

const reused = (smtp: ExtractedSmtp): Note => ({
  level: 'info',
  text: `It uses the mail server "${smtp.host}" that is there already; the settings in the file were not looked at.`,
});

function settingsOf(smtp: ExtractedSmtp) {
  const { host, port, tls, username, password } = smtp;
  const auth = username === null || !password ? { kind: 'none' } : { kind: 'basic', username, password };
  return outboundSettingsSchema.safeParse({ provider: 'custom', from: senderOf(smtp), host, port, tls, auth });
}

/** ThingsBoard's nodes name no sender of their own: the mail does. This one is for mails that do not; an IP address is no domain. */
function senderOf({ username, host }: ExtractedSmtp): string {
  return username?.includes('@') ? username : `noreply@${isIP(host) === 0 ? host : 'localhost'}`;
}
