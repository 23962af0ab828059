import { Inject, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { Interval, ScheduleModule } from '@nestjs/schedule';

import { CONFIG, type Config } from '../../config/index.js';
import { CLOCK, Database, Instance, type Clock } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { LOG, type Log } from '../../http/index.js';
import { Metrics } from '../../http/ops/index.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { SecretBox } from '../../secrets/index.js';
import { mailProvider } from '../providers/catalogue.js';
import { Connectors } from '../servers/connectors.js';
import { tokenWay } from '../servers/server-connector.js';
import { OAuthApplications } from './applications.js';
import { Authorize } from './authorize.js';
import { DeviceSignIns } from './device-sign-ins.js';
import { Grants } from './grants.js';
import { countGrants, LoggedNotices } from './notices.js';
import { OAuthApplicationsController } from './oauth-applications.controller.js';
import { OAuthCallbackController } from './oauth-callback.controller.js';
import { OAuthGrantsController } from './oauth-grants.controller.js';
import { createOAuth, type OAuthParts } from './oauth-parts.js';
import { Refresher } from './refresher.js';
import { ServerSignIn } from './server-sign-in.js';
import { TokenService } from './token-service.js';

const OAUTH_PARTS = Symbol('OAuthParts');

/** Applications, grants, consents and tokens. Asks nobody by itself: see `OAuthRefreshModule`. */
@Module({
  controllers: [OAuthApplicationsController, OAuthGrantsController, OAuthCallbackController],
  providers: [
    {
      provide: OAUTH_PARTS,
      useFactory: (
        ...[db, secrets, http, egress, owner, clock, config, bus, log]: [
          Database,
          SecretBox,
          GuardedFetch,
          EgressGuard,
          Instance,
          Clock,
          Config,
          EventBus,
          Log,
        ]
      ) =>
        createOAuth({
          ...{ db, secrets, http, owner, clock, publicUrl: config.publicUrl },
          way: tokenWay(new Connectors(secrets), egress),
          templates: (provider) => mailProvider(provider).oauth,
          changed: ({ tenantId, serverId }) => bus.publish(tenantId, 'mail-servers', 'oauth', serverId),
          warn: (told, message) => log.warn(told, message),
        }),
      inject: [Database, SecretBox, GuardedFetch, EgressGuard, Instance, CLOCK, CONFIG, EventBus, LOG],
    },
    { provide: Grants, useFactory: ({ grants }: OAuthParts) => grants, inject: [OAUTH_PARTS] },
    { provide: OAuthApplications, useFactory: ({ applications }: OAuthParts) => applications, inject: [OAUTH_PARTS] },
    { provide: TokenService, useFactory: ({ tokens }: OAuthParts) => tokens, inject: [OAUTH_PARTS] },
    { provide: Authorize, useFactory: ({ authorize }: OAuthParts) => authorize, inject: [OAUTH_PARTS] },
    {
      provide: ServerSignIn,
      useFactory: (grants: Grants, applications: OAuthApplications) =>
        new ServerSignIn(grants, applications, (provider) => mailProvider(provider).oauth),
      inject: [Grants, OAuthApplications],
    },
    { provide: DeviceSignIns, useFactory: ({ devices }: OAuthParts) => devices, inject: [OAUTH_PARTS] },
  ],
  exports: [Grants, OAuthApplications, TokenService, Authorize, DeviceSignIns, ServerSignIn],
})
export class OAuthModule {}

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
  imports: [OAuthModule, ScheduleModule.forRoot()],
  providers: [
    OAuthRounds,
    {
      provide: Refresher,
      useFactory: (
        ...[db, grants, tokens, clock, metrics, log]: [Database, Grants, TokenService, Clock, Metrics, Log]
      ) => {
        countGrants(metrics.registry, db);
        const notice = new LoggedNotices(metrics.registry, (told, message) => log.warn(told, message));
        return new Refresher({ db, grants, tokens, notice, clock });
      },
      inject: [Database, Grants, TokenService, CLOCK, Metrics, LOG],
    },
  ],
})
export class OAuthRefreshModule {}
