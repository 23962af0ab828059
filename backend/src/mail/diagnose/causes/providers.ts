import { onAuth, onMail, type Cause } from './cause.js';

/** Services for many mails, each as its own documentation says. */
export const PROVIDER_CAUSES: readonly Cause[] = [
  {
    code: 'ses-credentials',
    when: { host: /amazonaws\.com(\.cn)?$/i, reply: /^535 (5\.7\.8 )?Authentication Credentials Invalid/i },
    cause: 'Amazon SES does not know these credentials: they are the keys of an AWS user, or of another region.',
    fix: 'Create SMTP credentials in the console of SES, in the region that the host name says.',
    retry: 'no',
    examples: [onAuth('535 Authentication Credentials Invalid', { host: 'email-smtp.eu-west-1.amazonaws.com' })],
  },
  {
    code: 'sendgrid-username',
    when: {
      host: /sendgrid\.net$/i,
      reply: /^(535|550) .*(bad username|authentication failed|unauthenticated senders)/i,
    },
    cause: 'SendGrid takes the word "apikey" as user name and the API key as password.',
    fix: 'Set the user name to "apikey" and the password to an API key with the right "Mail Send".',
    retry: 'no',
    offer: ({ username }) => (username === 'apikey' ? undefined : { kind: 'set-username', username: 'apikey' }),
    examples: [
      onAuth('535 Authentication failed: Bad username / password', { host: 'smtp.sendgrid.net', username: 'me' }),
      onMail('550 Unauthenticated senders not allowed', { host: 'smtp.sendgrid.net', username: 'me' }),
    ],
  },
  {
    code: 'sender-not-verified',
    when: {
      reply:
        /(not verified|sender signature|sender identity|verified sender|domain .*not (allowed|verified)|not a verified)/i,
    },
    cause:
      'The provider sends only for addresses and domains that were verified with it, and the From address is not one of them.',
    fix: 'Verify the From domain (or address) with the provider, or set From to one that is.',
    retry: 'no',
    examples: [
      onMail(
        '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: a@b.org',
      ),
      onMail("550 5.7.1 The 'From' address you supplied (a@b.org) is not a Sender Signature on your account."),
      onMail('550 The from address does not match a verified Sender Identity.'),
    ],
  },
];
