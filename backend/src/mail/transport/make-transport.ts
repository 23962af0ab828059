import { DELEGATED_FLOWS, type ApiTransport, type MailProviderId } from '@signalpost/contracts';

import type { EgressGuard, GuardedFetch } from '../../net/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import { mailProvider } from '../providers/catalogue.js';
import type { MailRoute } from '../servers/mail-route.js';
import { GmailTransport } from './api/gmail-transport.js';
import { GraphTransport } from './api/graph-transport.js';
import type { ApiAccess } from './api/api-call.js';
import { BoundedTransport } from './bounded-transport.js';
import type { MailTransport } from './mail-transport.js';
import { dialerOf } from './route-dialer.js';
import { mailboxOf, type ConversationListener } from './smtp-options.js';
import { SmtpTransport } from './smtp-transport.js';

/** Where a provider's APIs live, by its template. */
export type ApiUrls = (provider: MailProviderId) => Readonly<Partial<Record<ApiTransport, string | undefined>>>;

export interface TransportNeeds {
  readonly egress: EgressGuard;
  readonly http: Pick<GuardedFetch, 'fetch'>;
  readonly apiUrls?: ApiUrls;
}

export const templateUrls: ApiUrls = (provider) => mailProvider(provider).apiUrls;

/** The one place that chooses how a route is sent over. */
export function makeTransport(route: MailRoute, needs: TransportNeeds, onLine?: ConversationListener): MailTransport {
  return new BoundedTransport(unbounded(route, needs, onLine), route.settings);
}

function unbounded(route: MailRoute, needs: TransportNeeds, onLine?: ConversationListener): MailTransport {
  const { transport: kind } = route.settings;
  if (kind === 'smtp') return new SmtpTransport(route, needs.egress, onLine);
  const access = apiAccess(route, kind, needs, onLine);
  if ('code' in access) return new UnusableTransport(access);
  return kind === 'gmail' ? new GmailTransport(access) : new GraphTransport(access, ownerOf(route));
}

/** Whose Graph mailbox sends: null is the one whose token it is. */
export function ownerOf({ settings: { auth } }: MailRoute): string | null {
  if (auth.kind !== 'oauth2') return null;
  if (!DELEGATED_FLOWS.includes(auth.flow)) return mailboxOf(auth);
  return auth.sharedMailbox ?? null;
}

export function apiAccess(
  { settings, token, connector, dialAllowed }: MailRoute,
  kind: ApiTransport,
  { egress, http, apiUrls = templateUrls }: TransportNeeds,
  onLine?: ConversationListener,
): ApiAccess | MailFailure {
  const url = apiUrls(settings.provider)[kind];
  if (url === undefined) return mailFailure('mail-server-unusable', 'Its provider has no such API.');
  if (token === null) return mailFailure('mail-server-unusable', 'The API needs a sign-in with OAuth 2.0.');
  const way = connector.kind === 'direct' ? {} : { dialer: dialerOf(connector, egress) };
  const options = { ...way, allowed: dialAllowed, timeoutMs: settings.socketTimeout };
  return { url, http, options, tokens: token, ...(onLine === undefined ? {} : { onLine }) };
}

/** Settings that no mail can go over; saving them was refused, or the template lost its API since. */
class UnusableTransport implements MailTransport {
  constructor(private readonly failure: MailFailure) {}

  send() {
    return Promise.resolve({ ok: false, failure: this.failure, reply: null, refused: [] } as const);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
