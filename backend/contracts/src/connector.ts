/** Connectors: ways through a proxy, for mails and for the requests for their tokens. The system administrator's. */
import { z } from 'zod';

import { idSchema, nameSchema } from './basic.js';
import { secretChange, secretStateSchema, secretText } from './secret.js';

const host = z.string().regex(/^[A-Za-z0-9_.:-]{1,253}$/, 'must be a host name or an IP address');
const oneLine = z.string().regex(/^\P{Cc}*$/u, 'must be one line without control characters');

const open = {
  /** HTTP CONNECT (RFC 9110 §9.3.6) or SOCKS5 (RFC 1928). */
  kind: z.enum(['http', 'socks5']),
  host,
  port: z.int().min(1).max(65_535),
  username: oneLine.min(1).max(255).optional(),
  /**
   * Every name is handed to the proxy, which looks it up itself: for one that judges by names, or knows other names than this
   * machine. It alone then keeps its inner network closed.
   */
  resolvesNames: z.boolean().default(false),
};

export const connectorSettingsSchema = z.strictObject({ ...open, password: secretText(255).optional() });
export type ConnectorSettings = z.infer<typeof connectorSettingsSchema>;

/** Stored beside the settings; grows with each step upgrade of their shape. */
export const CONNECTOR_SCHEMA_VERSION = 1;

const identity = {
  name: nameSchema,
  /** Tenants may choose it. */
  shared: z.boolean().default(false),
  /** Taken by every mail server that names none; only a shared one can be. */
  default: z.boolean().default(false),
};

export const connectorInputSchema = z
  .strictObject({ ...identity, ...open, password: secretChange(secretText(255)).default({ change: 'keep' }) })
  .meta({ id: 'ConnectorInput' });
export type ConnectorInput = z.infer<typeof connectorInputSchema>;

/** As the provisioning file writes it. */
export const connectorDefinitionSchema = connectorSettingsSchema.extend(identity);
export type ConnectorDefinition = z.infer<typeof connectorDefinitionSchema>;

export const connectorSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    kind: open.kind,
    shared: z.boolean(),
    default: z.boolean(),
    /** null from here on: not told to tenants. */
    host: z.string().nullable(),
    port: z.int().nullable(),
    username: z.string().nullable(),
    resolvesNames: z.boolean().nullable(),
    password: secretStateSchema.nullable(),
    managed: z.boolean(),
    revision: z.int(),
  })
  .meta({ id: 'Connector' });
export type Connector = z.infer<typeof connectorSchema>;
export const connectorListSchema = z.object({ items: z.array(connectorSchema) }).meta({ id: 'ConnectorList' });
