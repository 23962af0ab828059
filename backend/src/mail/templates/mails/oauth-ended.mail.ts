import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, text } from '../variables.js';

export const oauthEndedMail = describeSystemMail({
  id: 'oauth-ended',
  variables: z.object({
    serverName: text('Name of the mail server'),
    mailbox: text('The mailbox that signed in'),
    reason: text('What the provider said'),
    advice: text('What to do'),
    link: link('Opens the mail server'),
  }),
  sample: () => ({
    serverName: 'DEFAULT',
    mailbox: 'alarms@example.org',
    reason: 'The provider does not accept the consent any more.',
    advice: 'Sign in again.',
    link: 'https://signalpost.example.org/mail-servers',
  }),
  essential: [],
  texts: {
    en: {
      subject: 'The mail server "{{serverName}}" cannot send any more',
      html: `<h1>"{{serverName}}" cannot send any more</h1>
<p>The mail provider refuses the sign-in of {{mailbox}}. Mails over this server wait until somebody does something.</p>
<p>{{reason}} {{advice}}</p>
{{button link "Open mail server"}}`,
    },
    de: {
      subject: 'Der Mailserver „{{serverName}}“ kann nicht mehr senden',
      html: `<h1>„{{serverName}}“ kann nicht mehr senden</h1>
<p>Der Mailanbieter lehnt die Anmeldung von {{mailbox}} ab. Mails über diesen Server warten, bis jemand etwas tut.</p>
<p>{{reason}} {{advice}}</p>
{{button link "Mailserver öffnen"}}`,
    },
  },
});
