import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { code, moment } from '../variables.js';

export const signInCodeMail = describeSystemMail({
  id: 'sign-in-code',
  variables: z.object({
    code: code('The digits to type'),
    expiresAt: moment('When the code ends'),
  }),
  sample: (now) => ({ code: '493817', expiresAt: now + 600_000 }),
  essential: ['code'],
  texts: {
    en: {
      subject: 'Your sign-in code for {{productName}}',
      html: `<h1>Your sign-in code</h1>
<p>Type this code where you are signing in to {{productName}}:</p>
{{digits code}}
<p>It works once and ends on {{expiresAt}}.</p>
<p class="quiet">Nobody of us will ever ask you for it. If you are not signing in, somebody knows your password: change it.</p>`,
    },
    de: {
      subject: 'Ihr Anmeldecode für {{productName}}',
      html: `<h1>Ihr Anmeldecode</h1>
<p>Geben Sie diesen Code dort ein, wo Sie sich bei {{productName}} anmelden:</p>
{{digits code}}
<p>Er gilt einmal und endet am {{expiresAt}}.</p>
<p class="quiet">Niemand von uns wird Sie je danach fragen. Melden Sie sich gerade nicht an, kennt jemand Ihr Passwort: Ändern Sie es.</p>`,
    },
  },
});
