import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../config/index.js';
import { CLOCK, Database, type Clock } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { LOG, type Log } from '../../http/index.js';
import { ScriptingModule, ScriptPool } from '../../scripting/index.js';
import { SecretBox } from '../../secrets/index.js';
import { MailModule } from '../mail.module.js';
import { OutboxSignal } from '../outbox-signal.js';
import { MailLogEvents } from '../outbox/mail-log-events.js';
import { BrandingEditor } from './branding-editor.js';
import { BrandingController } from './branding.controller.js';
import { Brandings } from './brandings.js';
import { BrokenTemplates } from './broken-templates.js';
import { MailTemplatesController } from './mail-templates.controller.js';
import { MailWriter } from './mail-writer.js';
import { SandboxedTemplates } from './sandboxed.js';
import { SealedMails } from './sealed-mails.js';
import { SystemMails } from './system-mails.js';
import { TemplateEditor } from './template-editor.js';
import { TemplateStore } from './template-store.js';

/** Writes the system's own mails and takes them into the outbox. */
@Module({
  imports: [MailModule, ScriptingModule],
  controllers: [MailTemplatesController, BrandingController],
  providers: [
    TemplateStore,
    Brandings,
    {
      provide: BrokenTemplates,
      useFactory: (db: Database, store: TemplateStore, clock: Clock, bus: EventBus) =>
        new BrokenTemplates(db, store, clock, (tenantId) => bus.publish(tenantId, 'notices', 'changed', null)),
      inject: [Database, TemplateStore, CLOCK, EventBus],
    },
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
    {
      provide: TemplateEditor,
      useFactory: (
        ...[db, store, writer, mails, clock, bus]: [Database, TemplateStore, MailWriter, SystemMails, Clock, EventBus]
      ) =>
        new TemplateEditor({
          ...{ db, store, writer, mails, clock },
          noticesChanged: (tenantId) => bus.publish(tenantId, 'notices', 'changed', null),
        }),
      inject: [Database, TemplateStore, MailWriter, SystemMails, CLOCK, EventBus],
    },
    {
      provide: BrandingEditor,
      useFactory: (db: Database, brandings: Brandings) => new BrandingEditor(db, brandings),
      inject: [Database, Brandings],
    },
  ],
  exports: [SystemMails, SealedMails],
})
export class SystemMailModule {}
