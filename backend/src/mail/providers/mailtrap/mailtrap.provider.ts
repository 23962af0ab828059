import type { ProviderDescription } from '../describe-provider.js';

export const mailtrap: ProviderDescription = {
  id: 'mailtrap',
  name: 'Mailtrap',
  initials: 'MT',
  kind: 'smtp',
  smtp: {
    host: 'live.smtp.mailtrap.io',
    port: 587,
    tls: 'starttls',
    alternatives: [{ port: 2525, tls: 'starttls' }],
    otherHosts: [
      { host: 'bulk.smtp.mailtrap.io', label: 'Bulk stream' },
      { host: 'sandbox.smtp.mailtrap.io', label: 'Email sandbox (delivers nothing)' },
    ],
  },
  username: { hint: 'api for sending; the sandbox has a pair of its own for each inbox', suggestion: 'api' },
  password: { label: 'API token', hint: 'Of the sending domain, or the password of the sandbox inbox' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
