import { MEBIBYTE, type ProviderDescription } from '../describe-provider.js';

export const postmark: ProviderDescription = {
  id: 'postmark',
  name: 'Postmark',
  initials: 'PM',
  kind: 'smtp',
  smtp: {
    host: 'smtp.postmarkapp.com',
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 2525, tls: 'starttls' },
      { port: 25, tls: 'starttls' },
    ],
    otherHosts: [{ host: 'smtp-broadcasts.postmarkapp.com', label: 'Broadcast streams' }],
  },
  username: { hint: 'The server API token, or the access key of a message stream' },
  password: { label: 'Server API token', hint: 'The same token again, or the secret key of the message stream' },
  auth: ['basic'],
  apiUrls: {},
  limits: { recipientsPerMessage: 50, messageBytes: 10 * MEBIBYTE },
  warnings: [],
  checked: '2026-11-21',
};
