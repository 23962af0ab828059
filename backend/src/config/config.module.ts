import { Module, type DynamicModule } from '@nestjs/common';

import { CONFIG, type Config } from './load-config.js';
import { SECRET_KEYS } from './secret-keys.js';
import type { SecretKey } from './secret-keys.js';

/** Gives every room the settings of this process (`CONFIG`) and the sealing keys (`SECRET_KEYS`). */
@Module({})
export class ConfigModule {
  static with(config: Config, keys: readonly SecretKey[]): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: config },
      { provide: SECRET_KEYS, useValue: keys },
    ];
    return { module: ConfigModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
