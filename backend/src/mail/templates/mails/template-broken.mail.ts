import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, text } from '../variables.js';

export const templateBrokenMail = describeSystemMail({
  id: 'template-broken',
  variables: z.object({
    template: text('Which mail it is about'),
    reason: text('What went wrong'),
    link: link('Opens the template'),
  }),
  sample: () => ({
    template: 'activation (en)',
    reason: 'The template took too long.',
    link: 'https://signalpost.example.org/mail-templates',
  }),
  essential: [],
  texts: {
    en: {
      subject: 'A mail template at {{productName}} does not work',
      html: `<h1>A mail template does not work</h1>
<p>Your own text of "{{template}}" could not be used, so the built-in one was sent instead. {{reason}}</p>
<p>Correct it, or reset it to the built-in one.</p>
{{button link "Open template"}}`,
    },
    de: {
      subject: 'Eine Mailvorlage bei {{productName}} funktioniert nicht',
      html: `<h1>Eine Mailvorlage funktioniert nicht</h1>
<p>Ihr eigener Text von „{{template}}“ war nicht zu gebrauchen, deshalb wurde der eingebaute verschickt. {{reason}}</p>
<p>Berichtigen Sie ihn, oder setzen Sie ihn auf den eingebauten zurück.</p>
{{button link "Vorlage öffnen"}}`,
    },
  },
});
