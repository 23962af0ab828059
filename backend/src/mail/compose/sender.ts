import type { EmailDraft } from '@signalpost/rule-nodes/runtime';

import { parseMailbox, type Mailbox } from '../addresses.js';
import type { MailFailure } from '../failures.js';
import { isSystemServer } from '../servers/choose-server.js';
import type { MailRoute } from '../servers/mail-route.js';

/** Who the mail is from. */
export function senderOf(tenantId: string, draft: EmailDraft, route: MailRoute): Mailbox | MailFailure {
  const own =
    draft.from?.trim() === '' || route.settings.force || mustUseServersOwn(tenantId, route) ? null : draft.from;
  return read(own ?? route.settings.from);
}

/** MAIL FROM, where bounces go: Return-Path is written by the last server (RFC 5321 §4.4). */
export function envelopeSender(tenantId: string, draft: EmailDraft, route: MailRoute): Mailbox | MailFailure {
  const { returnPath } = route.settings;
  return returnPath === undefined ? senderOf(tenantId, draft, route) : read(returnPath);
}

/** Where answers go; undefined: to the sender. */
export function replyToOf(tenantId: string, draft: EmailDraft, route: MailRoute): Mailbox | undefined {
  const tenants = mustUseServersOwn(tenantId, route) && !route.settings.force ? draft.from : undefined;
  return readIfAny(route.settings.replyTo ?? tenants);
}

/** Whom the reader's program tells that the mail was read (RFC 8098 §2.1); undefined: nobody asks. */
export function confirmationTo(sender: Mailbox, { settings }: MailRoute): Mailbox | undefined {
  const { requested, address } = settings.readConfirmation;
  return requested ? (readIfAny(address) ?? sender) : undefined;
}

/** Who gets a copy of every mail of rule chains. */
export const copiesOf = ({ settings }: MailRoute): string[] =>
  settings.bcc.flatMap((text) => readIfAny(text)?.address ?? []);

/** Over the system's server a tenant cannot speak in the name of others: the mail is from the system, the tenant answers. */
const mustUseServersOwn = (tenantId: string, route: MailRoute): boolean =>
  isSystemServer(route.server) && tenantId !== route.server.tenantId;

function read(text: string): Mailbox | MailFailure {
  const parsed = parseMailbox(text);
  return parsed.ok ? parsed.value : parsed.failure;
}

function readIfAny(text: string | null | undefined): Mailbox | undefined {
  const parsed = text ? parseMailbox(text) : undefined;
  return parsed?.ok === true ? parsed.value : undefined;
}
