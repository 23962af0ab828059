import { Global, Inject, Module, type OnModuleInit } from '@nestjs/common';

import { Database } from '../../db/index.js';
import { Metrics } from './metrics.js';
import { OpsController } from './ops.controller.js';
import { Readiness } from './readiness.js';

@Global()
@Module({ controllers: [OpsController], providers: [Readiness, Metrics], exports: [Readiness, Metrics] })
export class OpsModule implements OnModuleInit {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Database) private readonly database: Database,
  ) {}

  onModuleInit(): void {
    this.readiness.add('database', async () => {
      await this.database.query('SELECT 1');
      return undefined;
    });
    this.readiness.add('migrations', async () => {
      const pending = await this.database.dataSource.showMigrations();
      return pending ? 'are waiting to run' : undefined;
    });
  }
}
