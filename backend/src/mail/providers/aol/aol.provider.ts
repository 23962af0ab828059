import type { ProviderDescription } from '../describe-provider.js';

/** Its OAuth takes no new applications for mail: app passwords alone. */
export const aol: ProviderDescription = {
  id: 'aol',
  name: 'AOL Mail',
  initials: 'A',
  kind: 'smtp',
  smtp: {
    host: 'smtp.aol.com',
    port: 465,
    tls: 'implicit',
    alternatives: [{ port: 587, tls: 'starttls' }],
    otherHosts: [],
  },
  username: { hint: 'The full address, like somebody@aol.com' },
  password: { label: 'App password', hint: 'The password of the account is refused' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [],
  checked: '2026-11-21',
};
