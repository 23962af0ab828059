import type { ProviderDescription } from '../describe-provider.js';

export const icloud: ProviderDescription = {
  id: 'icloud',
  name: 'iCloud Mail',
  initials: 'iC',
  kind: 'smtp',
  smtp: { host: 'smtp.mail.me.com', port: 587, tls: 'starttls', alternatives: [], otherHosts: [] },
  username: { hint: 'The full iCloud Mail address, like somebody@icloud.com' },
  password: { label: 'App-specific password', hint: 'Needs two-factor authentication on the Apple Account' },
  auth: ['basic'],
  apiUrls: {},
  limits: {},
  warnings: [
    {
      text: "Changing the Apple Account's password ends all of its app-specific passwords; make a new one afterwards.",
    },
  ],
  checked: '2026-11-21',
};
