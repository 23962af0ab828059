import { Module, type DynamicModule } from '@nestjs/common';

import { AccessModule } from './access/index.js';
import { AccountsModule, Sessions } from './accounts/index.js';
import { AlarmMutes, AlarmsModule } from './alarms/index.js';
import { AuditModule } from './audit/index.js';
import { CONFIG, ConfigModule, SECRET_KEYS, type Config, type SecretKey } from './config/index.js';
import { CLOCK, Database, DbModule, Instance, Peers } from './db/index.js';
import { DevicesModule } from './devices/index.js';
import { EventsModule } from './http/events/index.js';
import { HttpModule, LOG, type Log } from './http/index.js';
import { OpsModule } from './http/ops/index.js';
import { IngestModule } from './ingest/index.js';
import {
  MailModule,
  MailRemovalModule,
  MailSendingModule,
  MutedAlarmsModule,
  NoticeRoundsModule,
  OAuthModule,
  OAuthRefreshModule,
  ServerUsageModule,
} from './mail/index.js';
import { NetModule } from './net/index.js';
import { ProvisioningModule } from './provisioning/index.js';
import { QueueModule } from './queue/index.js';
import { ChainServerUsage, RuleChainsModule } from './rule-chains/index.js';
import { RuleEngineModule } from './rule-engine/index.js';
import { SecretsModule } from './secrets/index.js';
import { TenantsModule } from './tenants/index.js';
import { TimeseriesModule } from './timeseries/index.js';
import { UsersModule } from './users/index.js';

/** What is opened before Nest starts. */
export interface AppParts {
  readonly config: Config;
  readonly keys: readonly SecretKey[];
  readonly log: Log;
  readonly database: Database;
  readonly instance: Instance;
}

const GROUND_FLOOR = [AuditModule, EventsModule, OpsModule, NetModule, SecretsModule, QueueModule];
const ROOMS = [
  TenantsModule,
  UsersModule,
  DevicesModule,
  TimeseriesModule,
  AlarmsModule,
  MailModule,
  MailRemovalModule,
  MailSendingModule,
  OAuthModule,
  OAuthRefreshModule,
  NoticeRoundsModule,
  RuleChainsModule,
  RuleEngineModule,
  AccountsModule,
  IngestModule,
  ProvisioningModule,
];

@Module({})
class Preview {}

/** The whole house: what was opened, the ground floor, the rooms, and the bindings of lower rooms to upper ones. */
@Module({
  imports: [
    ...GROUND_FLOOR,
    ...ROOMS,
    AccessModule.with(AccountsModule, Sessions),
    MutedAlarmsModule.with(AlarmsModule, AlarmMutes),
    ServerUsageModule.with(RuleChainsModule, ChainServerUsage),
  ],
})
export class AppModule {
  static of({ config, keys, log, database, instance }: AppParts): DynamicModule {
    const opened = [ConfigModule.with(config, keys), DbModule.of(database, instance), HttpModule.with(log)];
    return { module: AppModule, imports: opened };
  }

  /** For looking at the classes alone: nothing is opened, so what would be opened is empty. */
  static preview(): DynamicModule {
    const opened = [CONFIG, SECRET_KEYS, Database, Instance, Peers, CLOCK, LOG];
    const providers = opened.map((provide) => ({ provide, useValue: {} }));
    return { module: AppModule, imports: [{ module: Preview, global: true, providers, exports: opened }] };
  }
}
