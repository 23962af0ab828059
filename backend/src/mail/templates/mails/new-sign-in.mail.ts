import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

export const newSignInMail = describeSystemMail({
  id: 'new-sign-in',
  variables: z.object({
    at: moment('When it was'),
    source: text('Network address; may be empty'),
    device: text('Browser and system, as far as they are known; may be empty'),
    link: link('Opens the list of sessions'),
  }),
  sample: (now) => ({
    at: now,
    source: '203.0.113.7',
    device: 'Firefox on Linux',
    link: 'https://signalpost.example.org/account',
  }),
  essential: [],
  texts: {
    en: {
      subject: 'New sign-in to your account at {{productName}}',
      html: `<h1>New sign-in</h1>
<p>Somebody signed in to {{productName}} as {{recipientAddress}} on {{at}}{{#if device}}, with {{device}}{{/if}}{{#if source}}, from {{source}}{{/if}}.</p>
<p>If it was you, all is well. If not, end that session and change your password.</p>
{{button link "See sessions"}}`,
    },
    de: {
      subject: 'Neue Anmeldung an Ihrem Konto bei {{productName}}',
      html: `<h1>Neue Anmeldung</h1>
<p>Am {{at}} hat sich jemand als {{recipientAddress}} bei {{productName}} angemeldet{{#if device}}, mit {{device}}{{/if}}{{#if source}}, von {{source}} aus{{/if}}.</p>
<p>Waren Sie es, ist alles in Ordnung. Wenn nicht, beenden Sie diese Sitzung und ändern Sie Ihr Passwort.</p>
{{button link "Sitzungen ansehen"}}`,
    },
  },
});
