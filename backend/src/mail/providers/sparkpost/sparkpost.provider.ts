import type { ProviderDescription } from '../describe-provider.js';

/** SparkPost's developer hub, "SMTP API". */
export const sparkpost: ProviderDescription = {
  id: 'sparkpost',
  name: 'SparkPost',
  initials: 'SP',
  kind: 'smtp',
  smtp: {
    host: 'smtp.sparkpostmail.com',
    port: 587,
    tls: 'starttls',
    alternatives: [{ port: 2525, tls: 'starttls' }],
    otherHosts: [{ host: 'smtp.eu.sparkpostmail.com', label: 'SparkPost EU' }],
  },
  username: {
    hint: 'SMTP_Injection; for a subaccount SMTP_Injection:X-MSYS-SUBACCOUNT= and its number',
    suggestion: 'SMTP_Injection',
  },
  password: { label: 'API key', hint: 'With the permission "Send via SMTP"' },
  auth: ['basic'],
  apiUrls: {},
  limits: { messagesPerConnection: 100 },
  warnings: [],
  checked: '2026-11-21',
};
