import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { count, link, moment, text } from '../variables.js';

export const oauthExpiringMail = describeSystemMail({
  id: 'oauth-expiring',
  variables: z.object({
    serverName: text('Name of the mail server'),
    mailbox: text('The mailbox that signs in'),
    endsAt: moment('When the consent ends'),
    days: count('Days left'),
    note: text('What is known about the end; may be empty'),
    link: link('Opens the mail server'),
  }),
  sample: (now) => ({
    serverName: 'DEFAULT',
    mailbox: 'alarms@example.org',
    endsAt: now + 7 * 86_400_000,
    days: 7,
    note: 'The provider told this end.',
    link: 'https://signalpost.example.org/mail-servers',
  }),
  essential: [],
  texts: {
    en: {
      subject: 'The mail server "{{serverName}}" stops sending in {{days}} day(s)',
      html: `<h1>Sign in to the mail provider again</h1>
<p>The mail server "{{serverName}}" sends as {{mailbox}}. The consent for that ends on {{endsAt}}; then its mails stop.</p>
{{#if note}}<p>{{note}}</p>{{/if}}
<p>Signing in again takes a minute and prevents it.</p>
{{button link "Open mail server"}}`,
    },
    de: {
      subject: 'Der Mailserver „{{serverName}}“ sendet in {{days}} Tag(en) nicht mehr',
      html: `<h1>Beim Mailanbieter neu anmelden</h1>
<p>Der Mailserver „{{serverName}}“ sendet als {{mailbox}}. Die Zustimmung dafür endet am {{endsAt}}; dann bleiben seine Mails stehen.</p>
{{#if note}}<p>{{note}}</p>{{/if}}
<p>Eine neue Anmeldung dauert eine Minute und verhindert das.</p>
{{button link "Mailserver öffnen"}}`,
    },
  },
});
