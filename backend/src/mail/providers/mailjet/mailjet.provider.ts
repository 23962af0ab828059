import type { ProviderDescription } from '../describe-provider.js';

export const mailjet: ProviderDescription = {
  id: 'mailjet',
  name: 'Mailjet',
  initials: 'MJ',
  kind: 'smtp',
  smtp: {
    host: 'in-v3.mailjet.com',
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 2525, tls: 'starttls' },
      { port: 588, tls: 'starttls' },
      { port: 80, tls: 'starttls' },
      { port: 25, tls: 'starttls' },
    ],
    otherHosts: [],
  },
  username: { hint: 'The API key' },
  password: { label: 'Secret key', hint: 'Belongs to the API key' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
