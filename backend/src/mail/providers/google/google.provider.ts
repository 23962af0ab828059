import { type ProviderDescription, MEBIBYTE } from '../describe-provider.js';

/** openid and email tell which account consented. */
const SIGN_IN_SCOPES = ['openid', 'email'];
const MAIL_SCOPE = 'https://mail.google.com/';
const SEND_SCOPE = 'https://www.googleapis.com/auth/gmail.send';

/** Gmail and Google Workspace. Google: "Using OAuth 2.0 to access Google APIs", "Gmail sending limits in Google Workspace". */
export const google: ProviderDescription = {
  id: 'google',
  name: 'Google (Gmail, Workspace)',
  initials: 'G',
  kind: 'smtp',
  smtp: {
    host: 'smtp.gmail.com',
    port: 465,
    tls: 'implicit',
    alternatives: [{ port: 587, tls: 'starttls' }],
    otherHosts: [{ host: 'smtp-relay.gmail.com', label: 'Workspace SMTP relay' }],
  },
  username: { hint: 'The full address, like alarm@example.org' },
  password: { label: 'App password', hint: '16 letters; needs 2-Step Verification on the account' },
  auth: ['oauth2', 'basic', 'none'],
  oauth: {
    library: 'google',
    flows: ['authorizationCode', 'serviceAccount'],
    registerUrl: 'https://console.cloud.google.com/auth/clients',
    issuer: 'https://accounts.google.com',
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    tokenUrl: 'https://oauth2.googleapis.com/token',
    revocationUrl: 'https://oauth2.googleapis.com/revoke',
    /** Without both a second consent brings no refresh token. */
    authorizationParameters: { access_type: 'offline', prompt: 'consent' },
    redirectUri: { publicDomain: true },
    scopes: { smtp: [MAIL_SCOPE, ...SIGN_IN_SCOPES], gmail: [SEND_SCOPE, ...SIGN_IN_SCOPES] },
    appOnlyScopes: { smtp: [MAIL_SCOPE], gmail: [SEND_SCOPE] },
    refreshTokenIdleDays: 180,
  },
  apiUrls: { gmail: 'https://gmail.googleapis.com' },
  limits: { connections: 10, recipientsPerMessage: 100, messageBytes: 25 * MEBIBYTE },
  warnings: [
    {
      text: 'While the OAuth consent screen is External and in Testing, every consent ends after 7 days. Publish the app, or make it Internal.',
      about: 'oauth2',
    },
    {
      text: "Changing the account's password ends a consent that includes Gmail; sign in again afterwards.",
      about: 'oauth2',
    },
    {
      text: 'Cloud projects made on or after 1 May 2026 may send 60 mails a minute of one mailbox through the Gmail API (older ones that used it before: 150).',
      from: '2026-05-01',
      about: 'gmail',
    },
  ],
  checked: '2026-11-21',
};
