import { Inject, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval, ScheduleModule } from '@nestjs/schedule';

import { CLOCK, Database, type Clock } from '../../db/index.js';
import { LOG, type Log } from '../../http/index.js';
import { Metrics } from '../../http/ops/index.js';
import { AlsoByMail } from '../notices/also-by-mail.js';
import { NoticeRound } from '../notices/notice-round.js';
import { NoticesModule } from '../notices/notices.module.js';
import { DeviceSignIns } from './device-sign-ins.js';
import { Grants } from './grants.js';
import { countGrants, LoggedNotices } from './notices.js';
import { OAuthModule } from './oauth.module.js';
import { Refresher } from './refresher.js';
import { TokenService } from './token-service.js';

const DEVICES_EVERY_MS = 1_000;
const REFRESH_EVERY_MS = 30_000;

/** Starts the rounds; one that takes longer than its interval is not started twice. */
export class OAuthRounds implements BeforeApplicationShutdown {
  readonly #underWay = new Map<string, Promise<void>>();
  #stopped = false;

  constructor(
    @Inject(DeviceSignIns) private readonly devices: DeviceSignIns,
    @Inject(Refresher) private readonly refresher: Refresher,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Interval(DEVICES_EVERY_MS)
  pollDevices(): Promise<void> {
    return this.#once('device sign-ins', () => this.devices.run());
  }

  @Interval(REFRESH_EVERY_MS)
  refreshTokens(): Promise<void> {
    return this.#once('scheduled refresh of tokens', () => this.refresher.run());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#underWay.values());
  }

  async #once(name: string, work: () => Promise<unknown>): Promise<void> {
    if (this.#stopped || this.#underWay.has(name)) return;
    const round = work().then(
      () => undefined,
      (err: unknown) => this.log.error({ err }, `A round failed: ${name}`),
    );
    this.#underWay.set(name, round);
    await round;
    this.#underWay.delete(name);
  }
}

/** Keeps grants alive and device sign-ins going. For the server; the command line does without. */
@Module({
  imports: [OAuthModule, NoticesModule, ScheduleModule.forRoot()],
  providers: [
    OAuthRounds,
    {
      provide: Refresher,
      useFactory: (
        ...[db, grants, tokens, clock, metrics, log, round]: [
          Database,
          Grants,
          TokenService,
          Clock,
          Metrics,
          Log,
          NoticeRound,
        ]
      ) => {
        countGrants(metrics.registry, db);
        const logged = new LoggedNotices(metrics.registry, (told, message) => log.warn(told, message));
        const notice = new AlsoByMail(logged, round);
        return new Refresher({ db, grants, tokens, notice, clock });
      },
      inject: [Database, Grants, TokenService, CLOCK, Metrics, LOG, NoticeRound],
    },
  ],
})
export class OAuthRefreshModule {}
