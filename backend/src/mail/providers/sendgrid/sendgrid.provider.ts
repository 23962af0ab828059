import type { ProviderDescription } from '../describe-provider.js';

export const sendgrid: ProviderDescription = {
  id: 'sendgrid',
  name: 'SendGrid',
  initials: 'SG',
  kind: 'smtp',
  smtp: {
    host: 'smtp.sendgrid.net',
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 2525, tls: 'starttls' },
      { port: 25, tls: 'starttls' },
    ],
    otherHosts: [{ host: 'smtp.eu.sendgrid.net', label: 'EU subusers' }],
  },
  username: { hint: 'Always the word apikey', fixed: 'apikey' },
  password: { label: 'API key', hint: 'With the right to send mail' },
  auth: ['basic'],
  apiUrls: {},
  limits: { messagesPerConnection: 5_000 },
  warnings: [],
  checked: '2026-11-21',
};
