import type { ProviderDescription } from '../describe-provider.js';

export const sandbox: ProviderDescription = {
  id: 'sandbox',
  name: 'Sandbox',
  initials: 'SB',
  kind: 'sandbox',
  smtp: null,
  username: { hint: '' },
  password: { label: 'Password', hint: '' },
  auth: [],
  apiUrls: {},
  limits: {},
  warnings: [{ text: 'The sandbox sends nothing outside: nobody gets these mails.' }],
  checked: '2026-11-21',
};
