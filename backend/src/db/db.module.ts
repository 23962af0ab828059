import { Global, Inject, Module, type DynamicModule, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';

import { systemClock } from './clock.js';
import { Database } from './database.js';
import { Instance } from './instance.js';
import { Peers } from './peers.js';

export const CLOCK = Symbol('Clock');

/** The database is opened before Nest starts, so that a start that cannot work ends in one sentence. */
@Global()
@Module({})
export class DbModule implements OnModuleInit, OnModuleDestroy {
  constructor(@Inject(Peers) private readonly peers: Peers) {}

  static of(database: Database, instance: Instance): DynamicModule {
    return {
      module: DbModule,
      providers: [
        { provide: Database, useValue: database },
        { provide: Instance, useValue: instance },
        { provide: Peers, useValue: new Peers(database, instance) },
        { provide: CLOCK, useValue: systemClock },
      ],
      exports: [Database, Instance, Peers, CLOCK],
    };
  }

  onModuleInit(): Promise<void> {
    return this.peers.start();
  }

  onModuleDestroy(): void {
    this.peers.stop();
  }
}
