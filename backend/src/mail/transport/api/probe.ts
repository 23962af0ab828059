import type { ApiTransport } from '@signalpost/contracts';

import { ApiCaller, type ApiAccess, type ApiRequest } from './api-call.js';
import { GMAIL_RULES, GRAPH_RULES } from './classify-api.js';
import { graphOwner } from './graph-transport.js';
import type { NotSent } from '../mail-transport.js';

/**
 * Asks an API to send what is no mail: who may not send hears that first (401, 403), who may hears that it is no mail (400).
 * @param mailbox of Graph: null is the one whose token it is
 * @returns undefined: this application may send here
 */
export async function probeApi(
  kind: ApiTransport,
  access: ApiAccess,
  mailbox: string | null,
): Promise<NotSent | undefined> {
  const caller = new ApiCaller(access, kind === 'graph' ? GRAPH_RULES : GMAIL_RULES);
  const called = await caller.call(kind === 'graph' ? emptyGraphMail(mailbox) : EMPTY_GMAIL_MAIL);
  return called.ok || called.reply?.startsWith('400') === true ? undefined : called;
}

const emptyGraphMail = (mailbox: string | null): ApiRequest => ({
  method: 'POST',
  path: `${graphOwner(mailbox)}/sendMail`,
  headers: { 'content-type': 'text/plain' },
  body: '',
});

const EMPTY_GMAIL_MAIL: ApiRequest = {
  method: 'POST',
  path: '/gmail/v1/users/me/messages/send',
  headers: { 'content-type': 'application/json' },
  body: '{"raw":""}',
};
