import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { link, moment, text } from '../variables.js';

const HOUR = 3_600_000;

export const passwordResetMail = describeSystemMail({
  id: 'password-reset',
  variables: z.object({
    link: link('Opens the page where the person chooses a new password'),
    expiresAt: moment('When the link ends'),
    source: text('Network address that asked for it; may be empty'),
  }),
  sample: (now) => ({
    link: 'https://signalpost.example.org/reset#sample',
    expiresAt: now + HOUR,
    source: '203.0.113.7',
  }),
  essential: ['link'],
  texts: {
    en: {
      subject: 'Choose a new password for {{productName}}',
      html: `<h1>Choose a new password</h1>
<p>Somebody{{#if source}} (from {{source}}){{/if}} asked for a new password for {{recipientAddress}} at {{productName}}.</p>
{{button link "Choose password"}}
<p>The link works once and ends on {{expiresAt}}.</p>
<p class="quiet">If it was not you, ignore this mail: your password stays as it is.</p>`,
    },
    de: {
      subject: 'Neues Passwort für {{productName}} wählen',
      html: `<h1>Neues Passwort wählen</h1>
<p>Jemand{{#if source}} (von {{source}}){{/if}} hat ein neues Passwort für {{recipientAddress}} bei {{productName}} verlangt.</p>
{{button link "Passwort wählen"}}
<p>Der Link gilt einmal und endet am {{expiresAt}}.</p>
<p class="quiet">Waren Sie es nicht, ignorieren Sie diese Mail: Ihr Passwort bleibt, wie es ist.</p>`,
    },
  },
});
