import type { ProviderDescription } from '../describe-provider.js';

export const brevo: ProviderDescription = {
  id: 'brevo',
  name: 'Brevo',
  initials: 'B',
  kind: 'smtp',
  smtp: {
    host: 'smtp-relay.brevo.com',
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 2525, tls: 'starttls' },
    ],
    otherHosts: [],
  },
  username: { hint: 'The login that the page "SMTP & API" shows' },
  password: { label: 'SMTP key', hint: 'Not an API key' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
