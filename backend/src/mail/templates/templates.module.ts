import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../config/index.js';
import { LOG, type Log } from '../../http/index.js';
import { SecretBox } from '../../secrets/index.js';
import { MailModule } from '../mail.module.js';
import { OutboxSignal } from '../outbox-signal.js';
import { MailLogEvents } from '../outbox/mail-log-events.js';
import { MailWriter } from './mail-writer.js';
import { SealedMails } from './sealed-mails.js';
import { SystemMails } from './system-mails.js';

/** Writes the system's own mails and takes them into the outbox. */
@Module({
  imports: [MailModule],
  providers: [
    MailWriter,
    {
      provide: SealedMails,
      useFactory: (secrets: SecretBox, writer: MailWriter, log: Log) =>
        new SealedMails(secrets, writer, (told, message) => log.error(told, message)),
      inject: [SecretBox, MailWriter, LOG],
    },
    {
      provide: SystemMails,
      useFactory: (sealed: SealedMails, signal: OutboxSignal, events: MailLogEvents, config: Config) =>
        new SystemMails(sealed, signal, events, config.publicUrl),
      inject: [SealedMails, OutboxSignal, MailLogEvents, CONFIG],
    },
  ],
  exports: [SystemMails, SealedMails],
})
export class SystemMailModule {}
