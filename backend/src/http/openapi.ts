import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemSchema, PROBLEM_MEDIA_TYPE } from '@signalpost/contracts';
import { z } from 'zod';

import { SESSION_COOKIE } from '../access/session-lookup.js';

/** The document that the frontend's client is generated from: operations are named by their method, like `listDevices`. */
export function createOpenApi(app: INestApplication): OpenAPIObject {
  const frame = new DocumentBuilder()
    .setTitle('Signalpost')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addCookieAuth(SESSION_COOKIE, undefined, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token (sp_…)' }, 'apiToken')
    .build();
  const document = SwaggerModule.createDocument(app, frame, {
    operationIdFactory: (_controller, method) => method,
    autoTagControllers: true,
    standardSchemaConverter: (schema, { schemaType }) => (schema instanceof z.ZodType ? toJsonSchema(schema, schemaType) : undefined),
  });
  return withProblems(document);
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const { $schema: _dialect, $defs: components = {}, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return { schema: rest, components };
}

/** Every route can answer with a problem. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const { schema, components } = toJsonSchema(z.object({ problem: problemSchema }), 'output');
  const { problem } = z.object({ problem: z.looseObject({}) }).parse(schema.properties);
  const answer = { description: 'A problem', content: { [PROBLEM_MEDIA_TYPE]: { schema: problem } } };
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) operation.responses['default'] = answer;
  }
  return document;
}
