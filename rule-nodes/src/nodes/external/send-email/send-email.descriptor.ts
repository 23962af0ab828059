import { z } from 'zod';

import { flag, oneOf, textOrNull, wholeNumber } from '../../../language/config-fields.js';
import { MailServerChoice } from '../../../language/mail-server-choice.js';
import { describeNode } from '../../../node/describe-node.js';

/**
 * The SMTP settings are ThingsBoard's: kept for the way back to it and never used. Passwords are no part of it: an import
 * hands them out as `ExtractedSmtp`, from which a mail server of the tenant is made.
 */
const forThingsBoard = <T extends z.ZodType>(field: T): T =>
  field.meta({
    description: "ThingsBoard's own SMTP settings; kept for exports, not used here.",
    ui: { hidden: true },
  });

/** Where a message goes whose mail was held back because a person muted its alarm. */
export const SUPPRESSED = 'Suppressed';

const defaults = {
  useSystemSmtpSettings: true,
  smtpHost: 'localhost',
  smtpPort: 25,
  smtpProtocol: 'smtp' as const,
  timeout: 10_000,
  enableTls: false,
  tlsVersion: 'TLSv1.2',
  enableProxy: false,
  proxyHost: null,
  proxyPort: null,
  proxyUser: null,
  username: null,
  server: { use: 'tenant-default' as const },
  giveUpAfterSeconds: null,
};

export const sendEmailNode = describeNode({
  type: 'external/send-email',
  name: 'send email',
  summary: 'Sends the mail that "to email" made.',
  help: [
    'Takes messages of the type SEND_EMAIL. The mail is kept until a mail server has accepted or refused it; the message goes on',
    'at Success when all recipients were accepted, at Failure when one was refused or the mail was given up, at Suppressed when a',
    'person has muted the alarm that it is about. Nothing waits where none of them is connected.',
  ].join(' '),
  icon: 'send',
  config: z.object({
    server: MailServerChoice.nullable()
      .default(null)
      .meta({
        title: 'Mail server',
        description:
          "Not chosen: as ThingsBoard's useSystemSmtpSettings says, the system's server or the tenant's default.",
        ownSetting: true,
        ui: { widget: 'mail-server' },
      }),
    giveUpAfterSeconds: z
      .int()
      .min(60)
      .max(30 * 86_400)
      .nullable()
      .default(null)
      .meta({
        title: 'Give up after',
        description: "Empty: the product's default.",
        ownSetting: true,
        ui: { unit: 's' },
      }),
    useSystemSmtpSettings: flag().meta({
      title: "Use the system's mail server",
      ui: { showWhen: { field: 'server', isOneOf: [null] } },
    }),
    smtpHost: forThingsBoard(textOrNull()),
    smtpPort: forThingsBoard(wholeNumber({ min: 0, max: 65_535 })),
    smtpProtocol: forThingsBoard(oneOf(['smtp', 'smtps'], 'smtp')),
    timeout: forThingsBoard(wholeNumber({ min: 0 })),
    enableTls: forThingsBoard(flag()),
    tlsVersion: forThingsBoard(textOrNull()),
    enableProxy: forThingsBoard(flag()),
    proxyHost: forThingsBoard(textOrNull()),
    proxyPort: forThingsBoard(textOrNull()),
    proxyUser: forThingsBoard(textOrNull()),
    username: forThingsBoard(textOrNull()),
  }),
  defaults,
  example: {
    ...defaults,
    useSystemSmtpSettings: false,
    smtpHost: 'smtp.example.org',
    smtpPort: 587,
    enableTls: true,
    username: 'alerts',
    server: { use: 'named', serverId: '0198c0de-7a00-7000-8000-000000000001' },
    giveUpAfterSeconds: 3600,
  },
  outputs: ['Success', SUPPRESSED],
  uses: ['mail'],
  thingsboard: { type: 'org.thingsboard.rule.engine.mail.TbSendEmailNode', version: 0 },
});
