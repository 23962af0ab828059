import { Global, Module, type DynamicModule } from '@nestjs/common';

import { systemClock } from './clock.js';
import { Database } from './database.js';
import { Instance } from './instance.js';

export const CLOCK = Symbol('Clock');

/** The database is opened before Nest starts, so that a start that cannot work ends in one sentence. */
@Global()
@Module({})
export class DbModule {
  static of(database: Database, instance: Instance): DynamicModule {
    return {
      module: DbModule,
      providers: [
        { provide: Database, useValue: database },
        { provide: Instance, useValue: instance },
        { provide: CLOCK, useValue: systemClock },
      ],
      exports: [Database, Instance, CLOCK],
    };
  }
}
