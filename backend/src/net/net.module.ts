import { Global, Module } from '@nestjs/common';

import { CONFIG, type Config } from '../config/index.js';
import { EgressGuard } from './egress-guard.js';

@Global()
@Module({
  providers: [
    { provide: EgressGuard, useFactory: (config: Config) => new EgressGuard(config.egressAllow), inject: [CONFIG] },
  ],
  exports: [EgressGuard],
})
export class NetModule {}
