import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

const DAY = 86_400_000;

export const addressConfirmationMail = describeSystemMail({
  id: 'address-confirmation',
  variables: z.object({
    link: link('Opens the page that confirms the address'),
    expiresAt: moment('When the link ends'),
    newAddress: text('The address that is to be confirmed'),
  }),
  sample: (now) => ({
    link: 'https://signalpost.example.org/confirm-address#sample',
    expiresAt: now + DAY,
    newAddress: 'ada.lovelace@example.org',
  }),
  essential: ['link'],
  texts: {
    en: {
      subject: 'Confirm your new address for {{productName}}',
      html: `<h1>Confirm your address</h1>
<p>{{newAddress}} is to be the new address of your account at {{productName}}. You sign in with the old one until you confirm it.</p>
{{button link "Confirm address"}}
<p>The link works once and ends on {{expiresAt}}.</p>
<p class="quiet">If you did not ask for this, ignore this mail: nothing changes.</p>`,
    },
    de: {
      subject: 'Bestätigen Sie Ihre neue Adresse für {{productName}}',
      html: `<h1>Adresse bestätigen</h1>
<p>{{newAddress}} soll die neue Adresse Ihres Kontos bei {{productName}} werden. Bis Sie sie bestätigen, melden Sie sich mit der alten an.</p>
{{button link "Adresse bestätigen"}}
<p>Der Link gilt einmal und endet am {{expiresAt}}.</p>
<p class="quiet">Haben Sie das nicht verlangt, ignorieren Sie diese Mail: Es ändert sich nichts.</p>`,
    },
  },
});
