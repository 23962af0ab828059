import type { ProviderDescription } from '../describe-provider.js';

export const resend: ProviderDescription = {
  id: 'resend',
  name: 'Resend',
  initials: 'R',
  kind: 'smtp',
  smtp: {
    host: 'smtp.resend.com',
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 2587, tls: 'starttls' },
      { port: 2465, tls: 'implicit' },
      { port: 25, tls: 'starttls' },
    ],
    otherHosts: [],
  },
  username: { hint: 'Always the word resend', fixed: 'resend' },
  password: { label: 'API key', hint: 'With the right to send mail' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
