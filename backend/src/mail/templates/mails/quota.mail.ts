import { z } from 'zod';

import { describeSystemMail } from '../describe-system-mail.js';
import { count, link, text } from '../variables.js';

const variables = z.object({
  tenantName: text('Name of the tenant'),
  what: text('What is limited'),
  used: count('How much is used'),
  limit: count('How much there may be'),
  link: link('Opens the page that shows it'),
});
const sample = (used: number) => () => ({
  tenantName: 'Northwind Plant',
  what: 'Mails that wait for being sent',
  used,
  limit: 100_000,
  link: 'https://signalpost.example.org/mail-log',
});

export const quotaNearMail = describeSystemMail({
  id: 'quota-near',
  variables,
  sample: sample(80_500),
  essential: [],
  texts: {
    en: {
      subject: '{{tenantName}}: a limit is near ({{used}} of {{limit}})',
      html: `<h1>A limit is near</h1>
<p>{{what}} of {{tenantName}}: {{used}} of {{limit}}. What goes over it is refused.</p>
<p>Look for what uses so much, or ask for a higher limit.</p>
{{button link "See details"}}`,
    },
    de: {
      subject: '{{tenantName}}: eine Grenze ist nah ({{used}} von {{limit}})',
      html: `<h1>Eine Grenze ist nah</h1>
<p>{{what}} von {{tenantName}}: {{used}} von {{limit}}. Was darüber hinausgeht, wird abgelehnt.</p>
<p>Sehen Sie nach, was so viel braucht, oder bitten Sie um eine höhere Grenze.</p>
{{button link "Einzelheiten ansehen"}}`,
    },
  },
});

export const quotaReachedMail = describeSystemMail({
  id: 'quota-reached',
  variables,
  sample: sample(100_000),
  essential: [],
  texts: {
    en: {
      subject: '{{tenantName}}: a limit is reached ({{limit}})',
      html: `<h1>A limit is reached</h1>
<p>{{what}} of {{tenantName}}: {{used}} of {{limit}}. More is refused until there is room again.</p>
<p>Look for what uses so much, or ask for a higher limit.</p>
{{button link "See details"}}`,
    },
    de: {
      subject: '{{tenantName}}: eine Grenze ist erreicht ({{limit}})',
      html: `<h1>Eine Grenze ist erreicht</h1>
<p>{{what}} von {{tenantName}}: {{used}} von {{limit}}. Weiteres wird abgelehnt, bis wieder Platz ist.</p>
<p>Sehen Sie nach, was so viel braucht, oder bitten Sie um eine höhere Grenze.</p>
{{button link "Einzelheiten ansehen"}}`,
    },
  },
});
