import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { listenRefusal, type Config } from '../config/index.js';

/** @throws StartError when the address cannot be had */
export async function listen(
  app: NestFastifyApplication,
  { port, host }: Pick<Config, 'port' | 'host'>,
): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    throw listenRefusal(error, { port, host, variable: 'PORT' });
  }
}
