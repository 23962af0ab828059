import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';

import { AccessGuard } from './access.guard.js';
import { Authenticator } from './authenticator.js';
import { SESSION_LOOKUP, type SessionLookup } from './session-lookup.js';

/** Guards every route. The accounts room, which stands above, knows the sessions: `app.module` hands it in. */
@Module({})
export class AccessModule {
  static with(accounts: Type, lookup: Type<SessionLookup>): DynamicModule {
    return {
      module: AccessModule,
      global: true,
      imports: [accounts],
      providers: [
        { provide: SESSION_LOOKUP, useExisting: lookup },
        Authenticator,
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
      exports: [Authenticator],
    };
  }
}
