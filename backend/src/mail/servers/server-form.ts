import {
  MAIL_SERVER_SECTIONS,
  outboundInputSchema,
  sandboxSettingsSchema,
  type MailServerForm,
} from '@signalpost/contracts';
import { z } from 'zod';

import { SYSTEM_TENANT_ID } from '../../access/index.js';

type JsonSchema = Record<string, unknown>;

/** The settings on their way in as JSON Schema; every property says its place. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...made } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      Object.values(jsonSchema.properties ?? {}).forEach((property, order) => {
        if (typeof property === 'object') Object.assign(property, { order });
      });
    },
  });
  return made;
}

const OUTBOUND = schemaOf(outboundInputSchema);
const SANDBOX = schemaOf(sandboxSettingsSchema);

export function serverForm(tenantId: string): MailServerForm {
  const ofSystem = tenantId === SYSTEM_TENANT_ID;
  return {
    outbound: OUTBOUND,
    sandbox: SANDBOX,
    sections: MAIL_SERVER_SECTIONS.map((section) => ({ ...section })),
    macros: ofSystem,
    fallback: ofSystem,
  };
}
