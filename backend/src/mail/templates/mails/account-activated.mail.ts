import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, text } from '../variables.js';

export const accountActivatedMail = describeSystemMail({
  id: 'account-activated',
  variables: z.object({
    link: link('Opens the sign-in page'),
    tenantName: text('Name of the tenant'),
  }),
  sample: () => ({ link: 'https://signalpost.example.org/sign-in', tenantName: 'Northwind Plant' }),
  essential: [],
  texts: {
    en: {
      subject: 'Your account at {{productName}} is active',
      html: `<h1>Your account is active</h1>
<p>{{#if recipientName}}Hello {{recipientName}}, y{{else}}Y{{/if}}our account {{recipientAddress}} at {{productName}}{{#if tenantName}} ({{tenantName}}){{/if}} is ready.</p>
{{button link "Sign in"}}
<p class="quiet">If it was not you who activated the account, tell your administrator now.</p>`,
    },
    de: {
      subject: 'Ihr Konto bei {{productName}} ist aktiv',
      html: `<h1>Ihr Konto ist aktiv</h1>
<p>{{#if recipientName}}Guten Tag {{recipientName}}, Ihr{{else}}Ihr{{/if}} Konto {{recipientAddress}} bei {{productName}}{{#if tenantName}} ({{tenantName}}){{/if}} ist bereit.</p>
{{button link "Anmelden"}}
<p class="quiet">Haben nicht Sie das Konto aktiviert, sagen Sie es bitte gleich Ihrem Administrator.</p>`,
    },
  },
});
