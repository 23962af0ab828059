import { Module, type DynamicModule, type Type } from '@nestjs/common';

import { SERVER_USAGE, type ServerUsage } from './server-usage.js';

/** Hands in who uses mail servers: the room that knows stands above. */
@Module({})
export class ServerUsageModule {
  static with(users: Type, usage: Type<ServerUsage>): DynamicModule {
    return {
      module: ServerUsageModule,
      global: true,
      imports: [users],
      providers: [{ provide: SERVER_USAGE, useExisting: usage }],
      exports: [SERVER_USAGE],
    };
  }
}
