import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

const DAY = 86_400_000;

export const activationMail = describeSystemMail({
  id: 'activation',
  variables: z.object({
    link: link('Opens the page where the person chooses a password'),
    expiresAt: moment('When the link ends'),
    tenantName: text('Name of the tenant that the person was invited to'),
    inviterName: text('Who invited the person; may be empty'),
  }),
  sample: (now) => ({
    link: 'https://signalpost.example.org/activate#sample',
    expiresAt: now + DAY,
    tenantName: 'Northwind Plant',
    inviterName: 'Ada Lovelace',
  }),
  essential: ['link'],
  texts: {
    en: {
      subject: 'Activate your account at {{productName}}',
      html: `<h1>Welcome{{#if recipientName}}, {{recipientName}}{{/if}}</h1>
<p>{{#if inviterName}}{{inviterName}} invited you{{else}}You were invited{{/if}} to {{productName}}{{#if tenantName}} ({{tenantName}}){{/if}}. Choose a password to activate your account.</p>
{{button link "Activate account"}}
<p>The link works once and ends on {{expiresAt}}. If it has ended, its page can send you a new one.</p>
<p class="quiet">If you did not expect this mail, you need not do anything: without a password nobody can use the account.</p>`,
    },
    de: {
      subject: 'Aktivieren Sie Ihr Konto bei {{productName}}',
      html: `<h1>Willkommen{{#if recipientName}}, {{recipientName}}{{/if}}</h1>
<p>{{#if inviterName}}{{inviterName}} hat Sie zu {{productName}} eingeladen{{else}}Sie wurden zu {{productName}} eingeladen{{/if}}{{#if tenantName}} ({{tenantName}}){{/if}}. Wählen Sie ein Passwort, um Ihr Konto zu aktivieren.</p>
{{button link "Konto aktivieren"}}
<p>Der Link gilt einmal und endet am {{expiresAt}}. Ist er abgelaufen, kann seine Seite Ihnen einen neuen schicken.</p>
<p class="quiet">Haben Sie diese Mail nicht erwartet, müssen Sie nichts tun: Ohne Passwort kann niemand das Konto benutzen.</p>`,
    },
  },
});
