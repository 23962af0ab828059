import { Module } from '@nestjs/common';

import { type Clock, CLOCK, Database } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { MailModule, MailServers } from '../mail/index.js';
import { ChainDetails } from './chain-details.js';
import { ChainServerUsage } from './chain-server-usage.js';
import { ChainDetailsController } from './chain-details.controller.js';
import { RuleChainsController } from './rule-chains.controller.js';
import { RuleChains } from './rule-chains.js';

@Module({
  imports: [MailModule],
  controllers: [RuleChainsController, ChainDetailsController],
  providers: [
    ChainServerUsage,
    {
      provide: RuleChains,
      useFactory: (db: Database, servers: MailServers, events: EventBus) => new RuleChains(db, servers, events),
      inject: [Database, MailServers, EventBus],
    },
    {
      provide: ChainDetails,
      useFactory: (db: Database, clock: Clock, events: EventBus) => new ChainDetails(db, clock, events),
      inject: [Database, CLOCK, EventBus],
    },
  ],
  exports: [RuleChains, ChainServerUsage],
})
export class RuleChainsModule {}
