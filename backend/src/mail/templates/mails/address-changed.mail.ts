import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

export const addressChangedMail = describeSystemMail({
  id: 'address-changed',
  variables: z.object({
    newAddress: text('The address that signs in from now on'),
    at: moment('When it was changed'),
    link: link('Opens the page that takes the change back'),
    expiresAt: moment('Until when it can be taken back'),
  }),
  sample: (now) => ({
    newAddress: 'ada.lovelace@example.org',
    at: now,
    link: 'https://signalpost.example.org/undo-address#sample',
    expiresAt: now + 7 * 86_400_000,
  }),
  essential: ['link'],
  texts: {
    en: {
      subject: 'The address of your account at {{productName}} is changed',
      html: `<h1>Your address is changed</h1>
<p>Since {{at}} the address of your account at {{productName}} is {{newAddress}} instead of {{recipientAddress}}.</p>
<p>If it was you, all is well. If not, take the change back; this works until {{expiresAt}}.</p>
{{button link "Take it back"}}`,
    },
    de: {
      subject: 'Die Adresse Ihres Kontos bei {{productName}} ist geändert',
      html: `<h1>Ihre Adresse ist geändert</h1>
<p>Seit dem {{at}} ist die Adresse Ihres Kontos bei {{productName}} {{newAddress}} statt {{recipientAddress}}.</p>
<p>Waren Sie es, ist alles in Ordnung. Wenn nicht, nehmen Sie die Änderung zurück; das geht bis zum {{expiresAt}}.</p>
{{button link "Zurücknehmen"}}`,
    },
  },
});
