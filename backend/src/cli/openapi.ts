import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { problemSchema, PROBLEM_MEDIA_TYPE } from '@signalpost/contracts';
import { z } from 'zod';

import { SESSION_COOKIE } from '../access/index.js';

/** The document that the frontend's client is generated from. Operations are named by their method, like `listDevices`. */
export function createOpenApi(app: INestApplication): OpenAPIObject {
  const frame = new DocumentBuilder()
    .setTitle('Signalpost')
    .setVersion('1')
    .setOpenAPIVersion('3.1.0')
    .addCookieAuth(SESSION_COOKIE, undefined, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API token (sp_…)' }, 'apiToken')
    .build();
  return withProblems(
    SwaggerModule.createDocument(app, frame, {
      operationIdFactory: (_controller, method) => method,
      autoTagControllers: true,
      standardSchemaConverter: (schema, { schemaType }) =>
        schema instanceof z.ZodType ? toJsonSchema(schema, schemaType) : undefined,
    }),
  );
}

/** JSON Schema as OpenAPI 3.1 has it; schemas with an id become components. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output') {
  const {
    $schema: _dialect,
    $defs: components = {},
    ...rest
  } = z.toJSONSchema(schema, { io, target: 'draft-2020-12', override });
  return { schema: rest, components };
}

/** zod's bounds of a safe integer say nothing to a reader. */
function override({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}

/** Every route can answer with a problem. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const text = JSON.stringify(toJsonSchema(problemSchema, 'output')).replaceAll('#/$defs/', '#/components/schemas/');
  const { schema, components } = problemDocument.parse(JSON.parse(text));
  const answer = { description: 'A problem', content: { [PROBLEM_MEDIA_TYPE]: { schema } } };
  const operations = Object.values(document.paths).flatMap((path) => METHODS.flatMap((method) => path[method] ?? []));
  for (const { responses } of operations) Object.assign(responses, { default: answer });
  return {
    ...document,
    components: { ...document.components, schemas: { ...document.components?.schemas, ...components } },
  };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

const problemDocument = z.object({
  schema: z.object({ $ref: z.string() }),
  components: z.record(z.string(), z.object({}).loose()),
});
