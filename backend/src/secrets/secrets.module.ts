import { Global, Module } from '@nestjs/common';

import { SECRET_KEYS, type SecretKey } from '../config/index.js';
import { SecretBox } from './secret-box.js';

/** `checkSecretKeys` belongs before Nest starts, so that a wrong key ends the start in one sentence. */
@Global()
@Module({
  providers: [
    { provide: SecretBox, useFactory: (keys: readonly SecretKey[]) => new SecretBox(keys), inject: [SECRET_KEYS] },
  ],
  exports: [SecretBox],
})
export class SecretsModule {}
