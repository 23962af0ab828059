import type { ProviderDescription } from '../describe-provider.js';

const REGIONS = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'us-gov-east-1',
  'us-gov-west-1',
];

/** There are more regions than these, and new ones now and then: the host may be typed. */
export const amazonSes: ProviderDescription = {
  id: 'amazon-ses',
  name: 'Amazon SES',
  initials: 'SES',
  kind: 'smtp',
  smtp: {
    host: null,
    port: 587,
    tls: 'starttls',
    alternatives: [
      { port: 465, tls: 'implicit' },
      { port: 2587, tls: 'starttls' },
      { port: 2465, tls: 'implicit' },
      { port: 25, tls: 'starttls' },
    ],
    otherHosts: REGIONS.map((region) => ({ host: `email-smtp.${region}.amazonaws.com`, label: region })),
  },
  username: { hint: 'SMTP user name of the SES console; not an AWS access key that was made elsewhere' },
  password: { label: 'SMTP password', hint: 'Belongs to one region' },
  auth: ['basic'],
  apiUrls: {},
  limits: { recipientsPerMessage: 50 },
  warnings: [
    {
      text: 'A new account is in the SES sandbox: 200 mails a day, one a second, and only to verified addresses. Ask for production access before you rely on it.',
    },
  ],
  checked: '2026-11-21',
};
