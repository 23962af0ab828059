import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';

import { ScriptPool } from './script-pool.js';

@Module({ providers: [{ provide: ScriptPool, useFactory: () => new ScriptPool() }], exports: [ScriptPool] })
export class ScriptingModule implements OnApplicationShutdown {
  constructor(@Inject(ScriptPool) private readonly pool: ScriptPool) {}

  /** After the rule engine has stopped. */
  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
