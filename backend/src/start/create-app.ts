import { join } from 'node:path';

import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { Config } from '../config/index.js';
import { createFastify, equipFastify, nestLogger, serveFrontend, type Log } from '../http/index.js';
import { Metrics } from '../http/ops/index.js';

/** Where `ng build` leaves the user interface. */
const FRONTEND = join(import.meta.dirname, '..', '..', '..', 'frontend', 'dist', 'browser');

/** The application with everything in place, not yet listening; `init` or `listen` starts its background work. */
export async function createApp(root: DynamicModule, config: Config, log: Log): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(root, createFastify(config), {
    logger: nestLogger(log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  await equipFastify(fastify, config, log, app.get(Metrics));
  await serveFrontend(fastify, FRONTEND);
  return app;
}
