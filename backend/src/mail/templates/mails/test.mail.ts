import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { moment, text } from '../variables.js';

export const testMail = describeSystemMail({
  id: 'test',
  variables: z.object({
    at: moment('When it was sent'),
    sentBy: text('Who sent it'),
  }),
  sample: (now) => ({ at: now, sentBy: 'Ada Lovelace' }),
  essential: [],
  texts: {
    en: {
      subject: 'Test mail of {{productName}}',
      html: `<h1>It works</h1>
<p>{{#if sentBy}}{{sentBy}} sent this test mail of {{productName}} on {{at}}.{{else}}This is a test mail of {{productName}}, sent on {{at}}.{{/if}} Mails of the system reach you.</p>`,
    },
    de: {
      subject: 'Testmail von {{productName}}',
      html: `<h1>Es funktioniert</h1>
<p>{{#if sentBy}}{{sentBy}} hat am {{at}} diese Testmail von {{productName}} verschickt.{{else}}Dies ist eine Testmail von {{productName}} vom {{at}}.{{/if}} Mails des Systems erreichen Sie.</p>`,
    },
  },
});
