/** What Microsoft's clouds have in common. */
import type { MailProviderOAuth } from '@signalpost/contracts';

import type { ProviderDescription } from './describe-provider.js';

/** A national cloud has its own sign-in, its own Exchange and its own Graph. */
export interface MicrosoftCloud {
  /** Where people sign in. */
  readonly login: string;
  /** Where applications are registered. */
  readonly registerUrl: string;
  /** Exchange as the audience of a token that a person consented to. */
  readonly outlook: string;
  /** Exchange as the audience of an application's own token. */
  readonly outlookAppOnly: string;
  readonly graph: string;
}

const SIGN_IN_SCOPES = ['offline_access', 'openid', 'profile'];

/** The flows of work and school accounts; the directory is the organization's own. */
export function microsoftOAuth({
  login,
  registerUrl,
  outlook,
  outlookAppOnly,
  graph,
}: MicrosoftCloud): MailProviderOAuth {
  const authority = `${login}/{directoryId}`;
  return {
    library: 'msal',
    flows: ['authorizationCode', 'clientCredentials', 'deviceCode'],
    registerUrl,
    authority,
    authorizationUrl: `${authority}/oauth2/v2.0/authorize`,
    tokenUrl: `${authority}/oauth2/v2.0/token`,
    deviceUrl: `${authority}/oauth2/v2.0/devicecode`,
    adminConsentUrl: `${authority}/v2.0/adminconsent`,
    directoryId: {
      hint: 'Directory (tenant) ID on the overview page of the app registration, or a verified domain of the organization',
    },
    authorizationParameters: {},
    redirectUri: { publicDomain: false },
    scopes: {
      smtp: [`${outlook}/SMTP.Send`, ...SIGN_IN_SCOPES],
      graph: [`${graph}/Mail.Send`, ...SIGN_IN_SCOPES],
    },
    appOnlyScopes: { smtp: [`${outlookAppOnly}/.default`], graph: [`${graph}/.default`] },
    largeMailScopes: [`${graph}/Mail.ReadWrite`],
    refreshTokenIdleDays: 90,
  };
}

/** 465 is not offered; 25 is, but clouds often block it. */
export const microsoftSmtp = (host: string): NonNullable<ProviderDescription['smtp']> => ({
  host,
  port: 587,
  tls: 'starttls',
  alternatives: [{ port: 25, tls: 'starttls' }],
  otherHosts: [],
});

/** Of a mailbox over SMTP; Microsoft, "Exchange Online limits". The 500 recipients are the default, an administrator can set 1 to 1,000. */
export const EXCHANGE_LIMITS: ProviderDescription['limits'] = {
  connections: 3,
  perMinute: 30,
  recipientsPerMessage: 500,
  perDay: 10_000,
};

export const EXCHANGE_SIGN_IN = {
  username: { hint: 'The mailbox: its user principal name, like alarm@example.org' },
  password: { label: 'Password', hint: 'Works only as long as the organization allows password sign-in over SMTP' },
} as const;

/** App-only tokens of Graph are wider than they look. */
export const GRAPH_APP_ONLY_WARNING = {
  text: 'The application permission Mail.Send of Microsoft Graph reaches every mailbox of the organization unless RBAC for Applications limits it.',
  about: 'graph',
} as const;

export const SECRET_EXPIRY_WARNING = {
  text: 'A client secret lives for 24 months at most; when it ends, app-only and delegated sign-in both end. Note its last day with the OAuth application.',
  about: 'oauth2',
} as const;
