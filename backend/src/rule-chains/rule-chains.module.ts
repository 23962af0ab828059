import { Module } from '@nestjs/common';

import { Database } from '../db/index.js';
import { EventBus } from '../http/events/index.js';
import { MailModule, MailServers } from '../mail/index.js';
import { RuleChainsController } from './rule-chains.controller.js';
import { RuleChains } from './rule-chains.js';

@Module({
  imports: [MailModule],
  controllers: [RuleChainsController],
  providers: [
    {
      provide: RuleChains,
      useFactory: (db: Database, servers: MailServers, events: EventBus) => new RuleChains(db, servers, events),
      inject: [Database, MailServers, EventBus],
    },
  ],
  exports: [RuleChains],
})
export class RuleChainsModule {}
