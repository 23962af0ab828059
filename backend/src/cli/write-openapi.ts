import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { NestFactory } from '@nestjs/core';

import { AppModule } from '../app.module.js';
import { createFastify } from '../http/index.js';
import { createOpenApi } from './openapi.js';

/** The golden file of the HTTP API. */
export const OPENAPI_FILE = join(import.meta.dirname, '..', '..', 'contracts', 'openapi.json');

/** The document as it stands in the file. Nest only looks at the classes (preview), so nothing needs to be running. */
export async function openApiText(): Promise<string> {
  const app = await NestFactory.create(AppModule.preview(), createFastify({ trustedProxies: [] }), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  return `${JSON.stringify(sortKeys(createOpenApi(app)), null, 2)}\n`;
}

export async function writeOpenApi(): Promise<void> {
  writeFileSync(OPENAPI_FILE, await openApiText());
}

/** The order in which classes are loaded must not show. */
function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  );
}
