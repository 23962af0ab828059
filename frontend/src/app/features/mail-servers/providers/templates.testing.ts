import type { MailProviderTemplate } from '../../../core/api/models';

const BASE: Omit<MailProviderTemplate, 'id' | 'name' | 'initials'> = {
  kind: 'smtp',
  smtp: { host: 'smtp.example.org', port: 587, tls: 'starttls', alternatives: [], otherHosts: [] },
  username: { hint: '' },
  password: { label: 'Password', hint: '' },
  auth: ['basic'],
  apiTransports: [],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
  guide: '# Guide\n\nSign in as {{mailbox}} at {{redirectUri}}.',
  links: [],
};

/** Providers as the catalogue has them, each with what the specs need of it. */
export const MICROSOFT: MailProviderTemplate = {
  ...BASE,
  ...{ id: 'microsoft-365', name: 'Microsoft 365', initials: 'M' },
  smtp: {
    host: 'smtp.office365.com',
    port: 587,
    tls: 'starttls',
    alternatives: [{ port: 25, tls: 'starttls' }],
    otherHosts: [],
  },
  auth: ['oauth2', 'basic'],
  oauth: {
    library: 'msal',
    flows: ['authorizationCode', 'clientCredentials', 'deviceCode'],
    authorizationParameters: {},
    redirectUri: { publicDomain: false },
    scopes: { smtp: ['SMTP.Send'], graph: ['Mail.Send'] },
  },
  apiTransports: ['graph'],
  limits: { connections: 3, perMinute: 30 },
  warnings: [
    { text: 'Passwords end.', from: '2026-12-31', about: 'basic' },
    { text: 'Secrets end.', about: 'oauth2' },
  ],
};

export const SENDGRID: MailProviderTemplate = {
  ...BASE,
  ...{ id: 'sendgrid', name: 'SendGrid', initials: 'SG' },
  smtp: {
    host: 'smtp.sendgrid.net',
    port: 587,
    tls: 'starttls',
    alternatives: [{ port: 465, tls: 'implicit' }],
    otherHosts: [{ host: 'smtp.eu.sendgrid.net', label: 'EU' }],
  },
  username: { hint: 'Always apikey', fixed: 'apikey' },
};

export const CUSTOM: MailProviderTemplate = {
  ...BASE,
  ...{ id: 'custom', name: 'Custom SMTP server', initials: 'C' },
  smtp: { host: null, port: 587, tls: 'starttls', alternatives: [{ port: 465, tls: 'implicit' }], otherHosts: [] },
  auth: ['basic', 'none'],
};

export const SANDBOX: MailProviderTemplate = {
  ...BASE,
  ...{ id: 'sandbox', name: 'Sandbox', initials: 'SB', kind: 'sandbox', smtp: null, auth: [] },
};

export const TEMPLATES = [MICROSOFT, SENDGRID, CUSTOM, SANDBOX];
