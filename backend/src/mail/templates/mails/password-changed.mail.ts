import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

export const passwordChangedMail = describeSystemMail({
  id: 'password-changed',
  variables: z.object({
    at: moment('When it was changed'),
    source: text('Network address that it was changed from; may be empty'),
    link: link('Opens the page that asks for a new password'),
  }),
  sample: (now) => ({ at: now, source: '203.0.113.7', link: 'https://signalpost.example.org/forgot-password' }),
  essential: [],
  texts: {
    en: {
      subject: 'Your password at {{productName}} was changed',
      html: `<h1>Your password was changed</h1>
<p>The password of {{recipientAddress}} was changed on {{at}}{{#if source}}, from {{source}}{{/if}}. All other sessions were signed out.</p>
<p>If it was you, all is well. If not, choose a new password now and tell your administrator.</p>
{{button link "It was not me"}}`,
    },
    de: {
      subject: 'Ihr Passwort bei {{productName}} wurde geändert',
      html: `<h1>Ihr Passwort wurde geändert</h1>
<p>Das Passwort von {{recipientAddress}} wurde am {{at}} geändert{{#if source}}, von {{source}} aus{{/if}}. Alle anderen Sitzungen wurden abgemeldet.</p>
<p>Waren Sie es, ist alles in Ordnung. Wenn nicht, wählen Sie jetzt ein neues Passwort und sagen Sie es Ihrem Administrator.</p>
{{button link "Das war ich nicht"}}`,
    },
  },
});
