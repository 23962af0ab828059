import { Inject, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { CONFIG, type Config } from '../../config/index.js';
import { CLOCK, Database, type Clock } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { LOG, type Log } from '../../http/index.js';
import { NoticeRecipients, UsersModule } from '../../users/index.js';
import { SystemMails } from '../templates/system-mails.js';
import { SystemMailModule } from '../templates/templates.module.js';
import { ActiveNotices } from './active-notices.js';
import { NoticeRound } from './notice-round.js';
import { NoticesController } from './notices.controller.js';

/** Shows what is wrong, and tells of it by mail when `NoticeRound` is asked to look. */
@Module({
  imports: [SystemMailModule, UsersModule],
  controllers: [NoticesController],
  providers: [
    {
      provide: ActiveNotices,
      useFactory: (db: Database, clock: Clock, { publicUrl }: Config) => new ActiveNotices(db, clock, publicUrl),
      inject: [Database, CLOCK, CONFIG],
    },
    {
      provide: NoticeRound,
      useFactory: (
        ...[db, mails, recipients, clock, { publicUrl }, bus]: [
          Database,
          SystemMails,
          NoticeRecipients,
          Clock,
          Config,
          EventBus,
        ]
      ) =>
        new NoticeRound({
          ...{ db, mails, recipients, clock, publicUrl },
          changed: (tenantId) => bus.publish(tenantId, 'notices', 'changed', null),
        }),
      inject: [Database, SystemMails, NoticeRecipients, CLOCK, CONFIG, EventBus],
    },
  ],
  exports: [NoticeRound],
})
export class NoticesModule {}

const LOOK_EVERY_MS = 60_000;

/** Looks every minute; for the server, the command line does without. */
export class NoticeRounds implements BeforeApplicationShutdown {
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    @Inject(NoticeRound) private readonly round: NoticeRound,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Interval(LOOK_EVERY_MS)
  look(): Promise<void> {
    if (!this.#stopped)
      this.#round = this.round
        .run()
        .catch((err: unknown) => this.log.error({ err }, 'Notices could not be looked for; it is tried again'));
    return this.#round;
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await this.#round;
  }
}

@Module({ imports: [NoticesModule], providers: [NoticeRounds] })
export class NoticeRoundsModule {}
