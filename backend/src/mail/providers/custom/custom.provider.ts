import type { ProviderDescription } from '../describe-provider.js';

export const custom: ProviderDescription = {
  id: 'custom',
  name: 'Custom SMTP server',
  initials: 'C',
  kind: 'smtp',
  smtp: {
    host: null,
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 25, tls: 'starttls' },
      { port: 25, tls: 'none' },
    ],
    otherHosts: [],
  },
  username: { hint: 'As the server wants it, often the full address' },
  password: { label: 'Password', hint: '' },
  auth: ['basic', 'oauth2', 'none'],
  oauth: {
    library: 'openid',
    flows: ['authorizationCode', 'clientCredentials', 'deviceCode'],
    authorizationParameters: {},
    redirectUri: { publicDomain: false },
    scopes: { smtp: [] },
    appOnlyScopes: { smtp: [] },
  },
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
