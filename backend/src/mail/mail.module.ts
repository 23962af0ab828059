import { Module, type Provider } from '@nestjs/common';

import { CONFIG, type Config } from '../config/index.js';
import { CLOCK, Database, type Clock } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { EgressGuard, GuardedFetch } from '../net/index.js';
import { QUEUE, type Queue } from '../queue/index.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DoctorLimits } from './diagnose/doctor-limits.js';
import { Doctor } from './diagnose/doctor.js';
import { TestMail } from './diagnose/test-mail.js';
import { TestMails } from './diagnose/test-mails.js';
import { UnsavedRoutes } from './diagnose/unsaved-routes.js';
import { InboxController } from './inbox.controller.js';
import { Inbox } from './inbox/inbox.js';
import { MailProvidersController } from './mail-providers.controller.js';
import { OutboxSignal } from './outbox-signal.js';
import { Backlog } from './outbox/backlog.js';
import { MailLogEvents } from './outbox/mail-log-events.js';
import { MailLog } from './outbox/mail-log.js';
import { Outbox } from './outbox/outbox.js';
import { MailRoutes } from './servers/mail-route.js';
import { MailServers } from './servers/mail-servers.js';
import { MailServersModule } from './servers/servers.module.js';

/** What tries a mail server out; needs `MailRoutes` beside it. */
export const DOCTOR_PROVIDERS: readonly Provider[] = [
  { provide: Doctor, useFactory: (clock: Clock) => new Doctor(undefined, clock), inject: [CLOCK] },
  { provide: DoctorLimits, useFactory: (clock: Clock) => new DoctorLimits(clock), inject: [CLOCK] },
  {
    provide: TestMail,
    useFactory: (
      ...[db, testMails, egress, http, clock, config]: [Database, TestMails, EgressGuard, GuardedFetch, Clock, Config]
    ) => new TestMail({ db, testMails, transports: { egress, http }, clock, publicUrl: config.publicUrl }),
    inject: [Database, TestMails, EgressGuard, GuardedFetch, CLOCK, CONFIG],
  },
  {
    provide: TestMails,
    useFactory: (bus: EventBus) =>
      new TestMails((tenantId, id) => bus.publish(tenantId, 'mail-servers', 'test-mail-arrived', id)),
    inject: [EventBus],
  },
  {
    provide: UnsavedRoutes,
    useFactory: (db: Database, servers: MailServers, routes: MailRoutes) => new UnsavedRoutes(db, servers, routes),
    inject: [Database, MailServers, MailRoutes],
  },
];

/** Keeps mail servers, takes mails into the outbox, shows what became of them. Sends nothing: see `MailSendingModule`. */
@Module({
  imports: [MailServersModule],
  controllers: [MailProvidersController, DeliveriesController, InboxController],
  providers: [
    Backlog,
    { provide: MailLogEvents, useFactory: (bus: EventBus) => new MailLogEvents(bus), inject: [EventBus] },
    { provide: Inbox, useFactory: (db: Database, bus: EventBus) => new Inbox(db, bus), inject: [Database, EventBus] },
    {
      provide: Outbox,
      useFactory: (backlog: Backlog, signal: OutboxSignal, queue: Queue, clock: Clock, events: MailLogEvents) =>
        new Outbox(backlog, signal, queue, clock, events),
      inject: [Backlog, OutboxSignal, QUEUE, CLOCK, MailLogEvents],
    },
    {
      provide: MailLog,
      useFactory: (db: Database, queue: Queue, clock: Clock, signal: OutboxSignal, events: MailLogEvents) =>
        new MailLog(db, queue, clock, signal, events),
      inject: [Database, QUEUE, CLOCK, OutboxSignal, MailLogEvents],
    },
  ],
  exports: [MailServersModule, Outbox, MailLog, Inbox, Backlog, MailLogEvents],
})
export class MailModule {}
