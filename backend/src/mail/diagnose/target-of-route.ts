import { hostname } from 'node:os';

import { endpointOf, type EgressGuard } from '../../net/index.js';
import { parseMailbox } from '../addresses.js';
import { refused } from '../oauth/oauth-failures.js';
import { checkCleartext, portOf } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { DoctorAuth, DoctorTarget } from './doctor-target.js';
import { templateOf } from './template-of.js';

/** A person waits for the answer: shorter than what a mail may take. */
const PATIENCE = { connectMs: 15_000, greetingMs: 15_000, replyMs: 30_000 } as const;

/** A server as mails are sent over it, for the doctor. */
export function targetOfRoute(route: MailRoute, egress: EgressGuard, recipient?: string): DoctorTarget {
  const { settings: smtp, sandbox } = route;
  const port = portOf(smtp);
  const from = parseMailbox(smtp.from);
  return {
    host: smtp.host,
    port,
    tls: smtp.tls,
    ehloName: smtp.ehloName ?? ownName(),
    auth: authOf(route),
    mayUseCleartext: sandbox || checkCleartext(smtp, egress, route.dialAllowed) === undefined,
    from: from.ok ? from.value.address : smtp.from,
    ...(recipient === undefined ? {} : { recipient }),
    skipDnsRecords: sandbox,
    timeouts: {
      connectMs: Math.min(smtp.connectionTimeout, PATIENCE.connectMs),
      greetingMs: Math.min(smtp.greetingTimeout, PATIENCE.greetingMs),
      replyMs: Math.min(smtp.socketTimeout, PATIENCE.replyMs),
    },
    egress: { admit: (options) => egress.admit({ ...options, allowed: allowedOf(route, port) }) },
  };
}

/** The sandbox is ours. */
const allowedOf = ({ sandbox, settings: smtp, dialAllowed }: MailRoute, port: number): readonly string[] =>
  sandbox ? [endpointOf(smtp.host, port)] : dialAllowed;

/** With the HTTP API that the provider has, in case that SMTP is switched off there. */
function authOf({ settings, token }: MailRoute): DoctorAuth {
  const { auth } = settings;
  const [apiTransport] = templateOf(settings)?.apiTransports ?? [];
  const offer = apiTransport === undefined ? {} : { apiTransport };
  if (auth.kind === 'none') return auth;
  if (auth.kind === 'basic') return { ...auth, ...offer };
  const usernames = auth.sharedMailbox === undefined ? [auth.username] : [auth.sharedMailbox, auth.username];
  return { kind: 'oauth2', usernames, token: token === null ? NO_TOKENS : (options) => token.get(options), ...offer };
}

const NO_TOKENS = () => Promise.resolve(refused('not-configured'));

/** As mails introduce themselves: a name with a dot, or this machine's own address (RFC 5321 §4.1.3). */
const ownName = (): string => (hostname().includes('.') ? hostname() : '[127.0.0.1]');
