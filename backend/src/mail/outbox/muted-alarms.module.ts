import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { MUTED_ALARMS, type MutedAlarms } from './muted-alarms.js';

/** Hands in which alarms are muted: the room that knows stands beside this one. */
@Module({})
export class MutedAlarmsModule {
  static with(alarms: Type, muted: Type<MutedAlarms>): DynamicModule {
    return {
      module: MutedAlarmsModule,
      global: true,
      imports: [alarms],
      providers: [{ provide: MUTED_ALARMS, useExisting: muted }],
      exports: [MUTED_ALARMS],
    };
  }
}
