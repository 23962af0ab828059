import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { errorCode, StartError, type Config } from '../config/index.js';

/** @throws StartError when the address cannot be had */
export async function listen(app: NestFastifyApplication, { port, host }: Pick<Config, 'port' | 'host'>): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const sentence = SENTENCES[errorCode(error) ?? '']?.(port, host);
    throw sentence === undefined ? error : new StartError(sentence);
  }
}

const SENTENCES: Readonly<Record<string, (port: number, host: string) => string>> = {
  EADDRINUSE: (port, host) => `Port ${port} on ${host} is in use: stop the program that holds it, or set PORT to another one.`,
  EACCES: (port) => `This user may not listen on port ${port}: set PORT to one above 1023, or allow it.`,
  EADDRNOTAVAIL: (_port, host) => `This machine has no address ${host}: set HOST to one of its own, to 127.0.0.1 or to 0.0.0.0.`,
  ENOTFOUND: (_port, host) => `The name ${host} is not known: set HOST to an address of this machine.`,
};
