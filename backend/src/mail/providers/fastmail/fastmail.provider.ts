import type { ProviderDescription } from '../describe-provider.js';

/** Fastmail, "OAuth" for developers. */
export const fastmail: ProviderDescription = {
  id: 'fastmail',
  name: 'Fastmail',
  initials: 'F',
  kind: 'smtp',
  smtp: {
    host: 'smtp.fastmail.com',
    port: 465,
    tls: 'implicit',
    alternatives: [{ port: 587, tls: 'starttls' }],
    otherHosts: [],
  },
  username: { hint: 'The full address that you sign in with' },
  password: { label: 'App password', hint: 'With access to SMTP' },
  auth: ['basic', 'oauth2'],
  oauth: {
    library: 'openid',
    flows: ['authorizationCode'],
    registerUrl: 'https://www.fastmail.com/for-developers/oauth/',
    authorizationUrl: 'https://api.fastmail.com/oauth/authorize',
    tokenUrl: 'https://api.fastmail.com/oauth/refresh',
    authorizationParameters: {},
    redirectUri: { publicDomain: true },
    scopes: { smtp: ['https://www.fastmail.com/dev/protocol-smtp'] },
  },
  apiUrls: {},
  limits: {},
  warnings: [
    {
      text: 'Fastmail registers OAuth applications by hand, on request. Without one, use an app password.',
      about: 'oauth2',
    },
  ],
  checked: '2026-11-21',
};
