import { Global, Module } from '@nestjs/common';

import { CONFIG, type Config } from '../config/index.js';
import { EgressGuard } from './egress-guard.js';
import { GuardedFetch } from './guarded-fetch.js';

@Global()
@Module({
  providers: [
    { provide: EgressGuard, useFactory: (config: Config) => new EgressGuard(config.egressAllow), inject: [CONFIG] },
    { provide: GuardedFetch, useFactory: (guard: EgressGuard) => new GuardedFetch(guard), inject: [EgressGuard] },
  ],
  exports: [EgressGuard, GuardedFetch],
})
export class NetModule {}
