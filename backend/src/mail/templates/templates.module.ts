import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../config/index.js';
import { Database } from '../../db/index.js';
import { LOG, type Log } from '../../http/index.js';
import { ScriptingModule, ScriptPool } from '../../scripting/index.js';
import { SecretBox } from '../../secrets/index.js';
import { MailModule } from '../mail.module.js';
import { OutboxSignal } from '../outbox-signal.js';
import { MailLogEvents } from '../outbox/mail-log-events.js';
import { Brandings } from './brandings.js';
import { BrokenTemplates } from './broken-templates.js';
import { MailWriter } from './mail-writer.js';
import { SandboxedTemplates } from './sandboxed.js';
import { SealedMails } from './sealed-mails.js';
import { SystemMails } from './system-mails.js';
import { TemplateStore } from './template-store.js';

/** Writes the system's own mails and takes them into the outbox. */
@Module({
  imports: [MailModule, ScriptingModule],
  providers: [
    TemplateStore,
    Brandings,
    BrokenTemplates,
    {
      provide: SandboxedTemplates,
      useFactory: (scripts: ScriptPool) => new SandboxedTemplates(scripts),
      inject: [ScriptPool],
    },
    {
      provide: MailWriter,
      useFactory: (
        ...[db, store, brandings, sandboxed, broken]: [
          Database,
          TemplateStore,
          Brandings,
          SandboxedTemplates,
          BrokenTemplates,
        ]
      ) => new MailWriter({ db, store, brandings, sandboxed, broken }),
      inject: [Database, TemplateStore, Brandings, SandboxedTemplates, BrokenTemplates],
    },
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
