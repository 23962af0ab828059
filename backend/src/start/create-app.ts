import { join } from 'node:path';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule, type AppParts } from '../app.module.js';
import { createFastify, equipFastify, nestLogger, serveFrontend } from '../http/index.js';
import { Metrics } from '../http/ops/index.js';

/** Where `ng build` leaves the user interface. */
const FRONTEND = join(import.meta.dirname, '..', '..', '..', 'frontend', 'dist', 'browser');

/** The application with everything in place, not yet listening; `init` or `listen` starts its background work. */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), createFastify(parts.config), {
    logger: nestLogger(parts.log),
    bodyParser: false,
    abortOnError: false,
  });
  const fastify = app.getHttpAdapter().getInstance();
  await equipFastify(fastify, parts.config, parts.log, app.get(Metrics));
  await serveFrontend(fastify, FRONTEND);
  return app;
}
