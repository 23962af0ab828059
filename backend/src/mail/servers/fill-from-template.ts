import type { MailProviderTemplate, OutboundInput, TlsMode } from '@signalpost/contracts';

import { mailProvider } from '../providers/catalogue.js';

/** The fields that a template knows, as they come in: what is absent is as the template says. */
export type Fillable = Pick<
  OutboundInput,
  | 'provider'
  | 'host'
  | 'port'
  | 'tls'
  | 'maxConnections'
  | 'maxMessagesPerConnection'
  | 'messagesPerMinute'
  | 'recipientsPerMessage'
  | 'maxMessageBytes'
> & { readonly auth: { readonly kind: string; readonly username?: string | undefined } };

/** What was given, and for the rest what the provider's template says; a host that no template knows stays absent. */
export function fillFromTemplate<T extends Fillable>(given: T): T {
  const template = mailProvider(given.provider);
  const { limits } = template;
  const host = given.host ?? template.smtp?.host ?? undefined;
  const tls = given.tls ?? tlsOf(template, given.port);
  const port = given.port ?? portOf(template, host, tls);
  return {
    ...given,
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(tls === undefined ? {} : { tls }),
    maxConnections: given.maxConnections ?? limits.connections,
    maxMessagesPerConnection: given.maxMessagesPerConnection ?? limits.messagesPerConnection,
    messagesPerMinute: orLimit(given.messagesPerMinute, limits.perMinute),
    recipientsPerMessage: orLimit(given.recipientsPerMessage, limits.recipientsPerMessage),
    maxMessageBytes: orLimit(given.maxMessageBytes, limits.messageBytes),
    auth: withFixedName(given.auth, template),
  };
}

/** null says: no limit at all. */
const orLimit = (given: number | null | undefined, limit: number | undefined) => (given === undefined ? limit : given);

type Connection = NonNullable<MailProviderTemplate['smtp']>['alternatives'][number];

const connectionsOf = ({ smtp }: MailProviderTemplate): readonly Connection[] =>
  smtp === null ? [] : [{ port: smtp.port, tls: smtp.tls }, ...smtp.alternatives];

/** A port that was given tells the mode. */
const tlsOf = (template: MailProviderTemplate, port: number | string | undefined): TlsMode | undefined =>
  (connectionsOf(template).find((each) => each.port === port) ?? connectionsOf(template)[0])?.tls;

/** Ports of a provider are those of its own hosts. */
function portOf(template: MailProviderTemplate, host: string | undefined, tls: TlsMode | undefined) {
  const own = template.smtp?.host === host || template.smtp?.otherHosts.some((other) => other.host === host);
  return own === true ? connectionsOf(template).find((each) => each.tls === tls)?.port : undefined;
}

/** Some providers have one user name for everybody. */
function withFixedName<A extends Fillable['auth']>(auth: A, { username }: MailProviderTemplate): A {
  if (auth.kind !== 'basic' || auth.username !== undefined || username.fixed === undefined) return auth;
  return { ...auth, username: username.fixed };
}
