import type { ProviderDescription } from '../describe-provider.js';

/** Data centres outside of the United States. */
const DATA_CENTRES = { Europe: 'eu', India: 'in', Australia: 'com.au', Japan: 'jp', China: 'com.cn' };

export const zoho: ProviderDescription = {
  id: 'zoho',
  name: 'Zoho Mail',
  initials: 'Z',
  kind: 'smtp',
  smtp: {
    host: 'smtppro.zoho.com',
    port: 465,
    tls: 'implicit',
    alternatives: [{ port: 587, tls: 'starttls' }],
    otherHosts: [
      { host: 'smtp.zoho.com', label: 'Personal accounts' },
      ...Object.entries(DATA_CENTRES).flatMap(([place, domain]) => [
        { host: `smtppro.zoho.${domain}`, label: `Organizations, ${place}` },
        { host: `smtp.zoho.${domain}`, label: `Personal accounts, ${place}` },
      ]),
    ],
  },
  username: { hint: 'The full address, like alarm@example.org' },
  password: { label: 'App-specific password', hint: 'Of the account that sends' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
