import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { count, link, moment, text } from '../variables.js';

export const secretExpiringMail = describeSystemMail({
  id: 'secret-expiring',
  variables: z.object({
    serverName: text('Name of the mail server that needs it'),
    mailbox: text('The mailbox that signs in'),
    endsAt: moment('When the secret or certificate ends'),
    days: count('Days left'),
    note: text('What to do; may be empty'),
    link: link('Opens the mail server'),
  }),
  sample: (now) => ({
    serverName: 'DEFAULT',
    mailbox: 'alarms@example.org',
    endsAt: now + 3 * 86_400_000,
    days: 3,
    note: 'Make a new secret or certificate at the provider and enter it in the OAuth application.',
    link: 'https://signalpost.example.org/mail-servers',
  }),
  essential: [],
  texts: {
    en: {
      subject: 'A secret of the mail server "{{serverName}}" ends in {{days}} day(s)',
      html: `<h1>A client secret or certificate ends soon</h1>
<p>The mail server "{{serverName}}" sends as {{mailbox}}. The client secret or certificate that it signs in with ends on {{endsAt}}; then its mails stop.</p>
{{#if note}}<p>{{note}}</p>{{/if}}
{{button link "Open mail server"}}`,
    },
    de: {
      subject: 'Ein Geheimnis des Mailservers „{{serverName}}“ endet in {{days}} Tag(en)',
      html: `<h1>Ein Clientgeheimnis oder Zertifikat endet bald</h1>
<p>Der Mailserver „{{serverName}}“ sendet als {{mailbox}}. Das Clientgeheimnis oder Zertifikat, mit dem er sich anmeldet, endet am {{endsAt}}; dann bleiben seine Mails stehen.</p>
{{#if note}}<p>{{note}}</p>{{/if}}
{{button link "Mailserver öffnen"}}`,
    },
  },
});
