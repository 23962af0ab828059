import { z } from 'zod';

import { flag, textOrNull } from '../../../language/config-fields.js';
import { describeNode } from '../../../node/describe-node.js';

const template = (title: string) => textOrNull().meta({ title, ui: { widget: 'template' } });

const defaults = {
  fromTemplate: 'info@testmail.org',
  toTemplate: '${userEmail}',
  ccTemplate: null,
  bccTemplate: null,
  subjectTemplate: 'Device ${deviceType} temperature high',
  bodyTemplate: 'Device ${deviceName} has high temperature $[temperature]',
  mailBodyType: 'false' as const,
  isHtmlTemplate: null,
  escapeHtmlValues: true,
};

export const toEmailNode = describeNode({
  type: 'transformation/to-email',
  name: 'to email',
  summary: 'Makes a mail of the message.',
  help: [
    'Fields are templates: ${key} is a metadata value, $[path] a value of the message, ${*} and $[*] all of either as JSON.',
    'What cannot be resolved stays in the text as it is. metadata.images may hold a JSON object of content id to base64.',
    'The mail goes on as a message of the type SEND_EMAIL; connect it to send email.',
  ].join(' '),
  icon: 'mail',
  config: z.object({
    fromTemplate: template('From'),
    toTemplate: template('To').meta({ description: 'Addresses, separated by commas.' }),
    ccTemplate: template('Cc'),
    bccTemplate: template('Bcc'),
    subjectTemplate: template('Subject'),
    bodyTemplate: textOrNull().meta({ title: 'Body', ui: { widget: 'multiline' } }),
    mailBodyType: z
      .preprocess(
        (value) => (typeof value === 'boolean' ? String(value) : (value ?? 'false')),
        z.enum(['false', 'true', 'dynamic']),
      )
      .default('false')
      .meta({
        title: 'Body is',
        ui: { widget: 'select', choices: { false: 'Plain text', true: 'HTML', dynamic: 'Either, as a template says' } },
      }),
    isHtmlTemplate: textOrNull().meta({
      title: 'Body is HTML where this gives "true"',
      ui: { widget: 'template', showWhen: { field: 'mailBodyType', isOneOf: ['dynamic'] } },
    }),
    escapeHtmlValues: flag(false).meta({
      title: 'Keep markup in values from becoming markup of the mail',
      description: 'Values put into an HTML body are escaped. ThingsBoard does not do that.',
      ownSetting: true,
      ui: { showWhen: { field: 'mailBodyType', isOneOf: ['true', 'dynamic'] } },
    }),
  }),
  defaults,
  example: { ...defaults, ccTemplate: 'team@example.org', mailBodyType: 'dynamic', isHtmlTemplate: '${html}' },
  outputs: ['Success'],
  uses: [],
  thingsboard: { type: 'org.thingsboard.rule.engine.mail.TbMsgToEmailNode', version: 0 },
});
