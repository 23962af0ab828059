import type { ProviderDescription } from '../describe-provider.js';

export const mailgun: ProviderDescription = {
  id: 'mailgun',
  name: 'Mailgun',
  initials: 'MG',
  kind: 'smtp',
  smtp: {
    host: 'smtp.mailgun.org',
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 2525, tls: 'starttls' },
      { port: 25, tls: 'starttls' },
    ],
    otherHosts: [{ host: 'smtp.eu.mailgun.org', label: 'EU region' }],
  },
  username: { hint: 'postmaster@ and the sending domain, or another SMTP credential of that domain' },
  password: { label: 'SMTP password', hint: 'Of the SMTP credential; not the API key' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
