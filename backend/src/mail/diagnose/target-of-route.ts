import { hostname } from 'node:os';

import type { OutboundSettings } from '@signalpost/contracts';

import { endpointOf } from '../../net/index.js';
import { parseMailbox } from '../addresses.js';
import { refused } from '../oauth/oauth-failures.js';
import { checkCleartext, portOf } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import { notSent } from '../transport/api/api-call.js';
import { probeApi } from '../transport/api/probe.js';
import { apiAccess, ownerOf, templateUrls, type ApiUrls, type TransportNeeds } from '../transport/make-transport.js';
import { dialerOf } from '../transport/route-dialer.js';
import type { ApiTarget, DoctorAuth, DoctorTarget, DoctorTrust } from './doctor-target.js';
import { templateOf } from './template-of.js';

/** A person waits for the answer: shorter than what a mail may take. */
const PATIENCE = { connectMs: 15_000, greetingMs: 15_000, replyMs: 30_000 } as const;

/** A server as mails are sent over it, for the doctor. */
export function targetOfRoute(route: MailRoute, needs: TransportNeeds, recipient?: string): DoctorTarget {
  const { settings: smtp, sandbox } = route;
  const from = parseMailbox(smtp.from);
  const dialer = dialerOf(route.connector, needs.egress);
  return {
    ...reachedBy(route, needs.apiUrls),
    tls: smtp.transport === 'smtp' ? smtp.tls : 'implicit',
    trust: trustOf(smtp),
    ehloName: smtp.ehloName ?? ownName(),
    auth: authOf(route),
    mayUseCleartext: sandbox || checkCleartext(smtp, needs.egress, route.dialAllowed) === undefined,
    from: from.ok ? from.value.address : smtp.from,
    ...(recipient === undefined ? {} : { recipient }),
    ...(smtp.dkim === undefined ? {} : { dkimSelector: smtp.dkim.selector }),
    ...apiOf(route, needs),
    skipDnsRecords: sandbox,
    timeouts: {
      connectMs: Math.min(smtp.connectionTimeout, PATIENCE.connectMs),
      greetingMs: Math.min(smtp.greetingTimeout, PATIENCE.greetingMs),
      replyMs: Math.min(smtp.socketTimeout, PATIENCE.replyMs),
    },
    egress: { admit: (options) => dialer.admit({ ...options, allowed: allowedOf(route) }) },
  };
}

/** Where mails of this route go first. */
export function reachedBy({ settings }: MailRoute, apiUrls: ApiUrls = templateUrls): { host: string; port: number } {
  const { transport: kind, provider, host } = settings;
  const url = kind === 'smtp' ? undefined : apiUrls(provider)[kind];
  if (url === undefined) return { host, port: portOf(settings) };
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port === '' ? 443 : Number(port) };
}

/** The sandbox is ours. */
const allowedOf = ({ sandbox, settings, dialAllowed }: MailRoute): readonly string[] =>
  sandbox ? [endpointOf(settings.host, portOf(settings))] : dialAllowed;

function trustOf({
  tlsMinVersion,
  ca,
  pinnedCertificate,
  checkServerIdentity,
  clientCertificate,
}: OutboundSettings): DoctorTrust {
  return {
    minVersion: tlsMinVersion,
    checkIdentity: checkServerIdentity,
    ...(ca === undefined ? {} : { ca: [ca] }),
    ...(pinnedCertificate === undefined ? {} : { pinnedFingerprint256: pinnedCertificate }),
    ...(clientCertificate === undefined
      ? {}
      : { clientCertificate: { cert: clientCertificate.certificate, key: clientCertificate.privateKey } }),
  };
}

/** The doctor asks in the name of the grant, and marks nothing. */
function apiOf(route: MailRoute, needs: TransportNeeds): { readonly api?: ApiTarget } {
  const { transport: kind } = route.settings;
  const { token: tokens } = route;
  if (kind === 'smtp' || tokens === null) return {};
  const quiet = { get: tokens.get.bind(tokens), refused: () => Promise.resolve(), accepted: () => Promise.resolve() };
  const probe: ApiTarget['probe'] = async (onLine) => {
    const access = apiAccess({ ...route, token: quiet }, kind, needs, onLine);
    return 'code' in access ? notSent(access) : probeApi(kind, access, ownerOf(route));
  };
  return { api: { token: () => tokens.get(), probe } };
}

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
