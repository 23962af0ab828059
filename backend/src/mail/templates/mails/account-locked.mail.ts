import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { count, link, moment, text } from '../variables.js';

export const accountLockedMail = describeSystemMail({
  id: 'account-locked',
  variables: z.object({
    attempts: count('Sign-ins in a row that failed'),
    source: text('Network address of the last one; may be empty'),
    until: moment('When it unlocks by itself'),
    link: link('Opens the page that unlocks it at once'),
  }),
  sample: (now) => ({
    attempts: 10,
    source: '203.0.113.7',
    until: now + 1_800_000,
    link: 'https://signalpost.example.org/unlock#sample',
  }),
  essential: ['link'],
  texts: {
    en: {
      subject: 'Your account at {{productName}} is locked for a while',
      html: `<h1>Your account is locked for a while</h1>
<p>Somebody tried {{attempts}} wrong passwords for {{recipientAddress}}{{#if source}}, the last one from {{source}}{{/if}}. So that nobody guesses it, sign-in is closed until {{until}}.</p>
<p>If it was you, you can unlock the account at once.</p>
{{button link "Unlock account"}}
<p class="quiet">If it was not you, you need not do anything: the password was not found. Tell your administrator if it happens again.</p>`,
    },
    de: {
      subject: 'Ihr Konto bei {{productName}} ist vorübergehend gesperrt',
      html: `<h1>Ihr Konto ist vorübergehend gesperrt</h1>
<p>Jemand hat {{attempts}} falsche Passwörter für {{recipientAddress}} versucht{{#if source}}, zuletzt von {{source}} aus{{/if}}. Damit es niemand errät, ist die Anmeldung bis zum {{until}} geschlossen.</p>
<p>Waren Sie es, können Sie das Konto gleich entsperren.</p>
{{button link "Konto entsperren"}}
<p class="quiet">Waren Sie es nicht, müssen Sie nichts tun: Das Passwort wurde nicht gefunden. Sagen Sie es Ihrem Administrator, wenn es wieder geschieht.</p>`,
    },
  },
});
