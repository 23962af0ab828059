import type { MailProviderId, MailProviderOAuth, OAuthApplicationSettings, OAuthFlow } from '@signalpost/contracts';

import type { Queryable } from '../../db/index.js';
import type { Dialer, FetchOptions } from '../../net/index.js';

/** What a provider's template says about OAuth; undefined where it offers none. */
export type OAuthTemplates = (provider: MailProviderId) => MailProviderOAuth | undefined;

/** An application by its key; of the tenant, or of the system where it is shared. */
export interface ApplicationRef {
  readonly tenantId: string;
  readonly id: string;
}

export interface OAuthEndpoints {
  /** Microsoft: what MSAL calls an authority. */
  readonly authority?: string | undefined;
  readonly issuer?: string | undefined;
  readonly authorizationUrl?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly deviceUrl?: string | undefined;
  readonly revocationUrl?: string | undefined;
  readonly userinfoUrl?: string | undefined;
  readonly adminConsentUrl?: string | undefined;
}

/** An application with its secrets opened and its endpoints found: never leaves this room, never logged. */
export interface ApplicationInUse {
  readonly ref: ApplicationRef;
  readonly provider: MailProviderId;
  readonly settings: OAuthApplicationSettings;
  readonly template: MailProviderOAuth;
  readonly endpoints: OAuthEndpoints;
  readonly flow: OAuthFlow;
  /** `host:port` pairs that the provisioning file vouches for. */
  readonly allowed: readonly string[];
  /** The mail server's connector: token requests go the way of its mails. Absent: directly. */
  readonly dialer?: Dialer | undefined;
}

/** The connector of a mail server; undefined: none. */
export type TokenWay = (db: Queryable, server: { tenantId: string; serverId: string }) => Promise<Dialer | undefined>;

/** How requests to the provider go. */
export const reachOf = ({ allowed, dialer }: ApplicationInUse): Pick<FetchOptions, 'allowed' | 'dialer'> => ({
  allowed,
  ...(dialer === undefined ? {} : { dialer }),
});

/** What the application says goes before what its provider's template says. */
export function endpointsOf(template: MailProviderOAuth, settings: OAuthApplicationSettings): OAuthEndpoints {
  const directory = settings.directoryId ?? template.directoryId?.default ?? 'organizations';
  const fill = (url: string | undefined): string | undefined =>
    url?.replaceAll('{directoryId}', encodeURIComponent(directory));
  const own = settings.authorizationUrl ?? settings.tokenUrl;
  return {
    authority: own === undefined ? fill(template.authority) : own.replace(/(\/oauth2)?\/v2\.0\/.*$/, ''),
    issuer: settings.issuer ?? (own === undefined ? fill(template.issuer) : undefined),
    authorizationUrl: settings.authorizationUrl ?? fill(template.authorizationUrl),
    tokenUrl: settings.tokenUrl ?? fill(template.tokenUrl),
    deviceUrl: settings.deviceUrl ?? fill(template.deviceUrl),
    revocationUrl: settings.revocationUrl ?? fill(template.revocationUrl),
    userinfoUrl: settings.userinfoUrl,
    adminConsentUrl: fill(template.adminConsentUrl),
  };
}

/** Of every address that the application itself names. */
export function hostsOf(settings: OAuthApplicationSettings): string[] {
  const { issuer, authorizationUrl, tokenUrl, deviceUrl, revocationUrl, userinfoUrl } = settings;
  const urls = [issuer, authorizationUrl, tokenUrl, deviceUrl, revocationUrl, userinfoUrl].filter(
    (url) => url !== undefined,
  );
  return urls.map((text) => {
    const { protocol, hostname, port } = new URL(text);
    return `${hostname.replace(/^\[(.*)\]$/, '$1')}:${port === '' ? (protocol === 'http:' ? '80' : '443') : port}`;
  });
}
