/** The audit log: who did what, from where, with the values before and after, never those of secrets. */
import { z } from 'zod';

import { epochMsSchema, referenceSchema } from './basic.js';
import { pageOf, pageQuerySchema } from './paging.js';

/** Everything that is written down, by the kind of thing that it happens to. What is not listed is refused. */
export const AUDIT_CATALOGUE = {
  'api-token': ['created', 'updated', 'deleted'],
  alarm: ['acknowledged', 'cleared', 'commented', 'comment-changed', 'comment-deleted', 'muted', 'unmuted'],
  attribute: ['updated', 'deleted'],
  audit: ['exported'],
  customer: ['created', 'updated', 'deleted'],
  'dead-letter': ['replayed', 'deleted'],
  delivery: ['cancelled', 'retried'],
  device: ['created', 'updated', 'access-token-renewed', 'deleted'],
  'identity-provider': ['created', 'updated', 'deleted'],
  inbox: ['message-deleted', 'cleared'],
  installation: ['set-up', 'provisioned', 'keys-rotated'],
  'mail-branding': ['updated', 'reset'],
  'mail-connector': ['created', 'updated', 'deleted'],
  'mail-secret': ['created', 'updated', 'deleted'],
  'mail-server': ['created', 'updated', 'deleted', 'tested'],
  'mail-template': ['updated', 'reset', 'test-sent', 'replaced-by-built-in'],
  'oauth-application': ['created', 'updated', 'deleted'],
  'oauth-grant': [
    'consent-started',
    'handed-over',
    'consented',
    'consent-refused',
    'consent-cancelled',
    'renewed',
    'ended',
    'expiring',
    'needs-consent',
  ],
  'sign-in-policy': ['updated'],
  'rule-chain': ['created', 'imported', 'updated', 'made-root', 'debug-changed', 'deleted'],
  tenant: ['created', 'updated', 'provisioned', 'deleted'],
  user: [
    'created',
    'imported',
    'updated',
    'enabled',
    'disabled',
    'deleted',
    'invited',
    'invitation-link-shown',
    'password-reset-link-shown',
    'activated',
    'signed-in',
    'sign-in-failed',
    'signed-out',
    'session-ended',
    'sessions-ended',
    'locked',
    'unlocked',
    'password-changed',
    'password-reset-requested',
    'password-reset',
    'address-change-requested',
    'address-changed',
    'address-change-cancelled',
    'notices-changed',
    'two-factor-enabled',
    'two-factor-disabled',
    'two-factor-failed',
    'recovery-codes-renewed',
    'recovery-code-used',
  ],
} as const satisfies Record<string, readonly string[]>;

type Catalogue = typeof AUDIT_CATALOGUE;

/** What an action happens to: the word before its dot. */
export type AuditEntityType = keyof Catalogue;

/** `mail-server.updated`, `user.signed-in`, … */
export type AuditAction = { [E in AuditEntityType]: `${E}.${Catalogue[E][number]}` }[AuditEntityType];

export const AUDIT_ENTITY_TYPES = Object.keys(AUDIT_CATALOGUE) as [AuditEntityType, ...AuditEntityType[]]; // keys of the literal above

export const AUDIT_ACTIONS = Object.entries(AUDIT_CATALOGUE).flatMap(([type, verbs]) =>
  verbs.map((verb) => `${type}.${verb}`),
) as [AuditAction, ...AuditAction[]]; // made of the literal above

export const auditActionSchema = z.enum(AUDIT_ACTIONS).meta({ id: 'AuditAction' });
export const auditEntityTypeSchema = z.enum(AUDIT_ENTITY_TYPES).meta({ id: 'AuditEntityType' });

const person = { userId: z.string(), email: z.string() };

/** `provisioning`: the file that the operator wrote; `system`: Signalpost by itself; `anonymous`: somebody not signed in. */
export const auditActorSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('user'), ...person }),
    z.object({ kind: z.literal('api-token'), tokenId: z.string(), tokenName: z.string(), ...person }),
    z.object({ kind: z.literal('provisioning') }),
    z.object({ kind: z.literal('system') }),
    z.object({ kind: z.literal('anonymous') }),
  ])
  .meta({ id: 'AuditActor' });

export type AuditActor = z.infer<typeof auditActorSchema>;

export const AUDIT_ACTOR_KINDS = [
  'user',
  'api-token',
  'provisioning',
  'system',
  'anonymous',
] as const satisfies readonly AuditActor['kind'][];

/** Of a secret it is only said what became of it; `before` and `after` are null then. */
export const auditChangeSchema = z
  .object({
    field: z.string().meta({ description: 'Path of the field, its parts joined by dots' }),
    before: z.unknown().meta({ description: 'A JSON value; null where there was none' }),
    after: z.unknown().meta({ description: 'A JSON value; null where there is none any more' }),
    secret: z.enum(['set', 'changed', 'cleared']).optional(),
  })
  .meta({ id: 'AuditChange' });

export type AuditChange = z.infer<typeof auditChangeSchema>;

export const auditEventSchema = z
  .object({
    id: z.string(),
    at: epochMsSchema,
    tenant: referenceSchema.meta({
      description: 'Whose log it stands in; the name is empty once the tenant is deleted',
    }),
    actor: auditActorSchema,
    source: z.string().nullable().meta({ description: 'IP address of the request' }),
    action: auditActionSchema,
    entity: z
      .object({ type: auditEntityTypeSchema, id: z.string().nullable(), name: z.string() })
      .meta({ id: 'AuditEntity' }),
    changes: z.array(auditChangeSchema),
  })
  .meta({ id: 'AuditEvent' });

export type AuditEvent = z.infer<typeof auditEventSchema>;

export const auditPageSchema = pageOf(auditEventSchema, 'AuditPage');

const time = z.coerce.number().pipe(epochMsSchema);

/** What of the log is asked for; everything given must fit. */
const auditFilter = {
  from: time.optional().meta({ description: 'From this time on (epoch ms)' }),
  to: time.optional().meta({ description: 'Before this time (epoch ms)' }),
  actor: z.string().max(255).optional().meta({ description: 'Part of an email address or of an API token’s name' }),
  actorKind: z.enum(AUDIT_ACTOR_KINDS).optional(),
  action: auditActionSchema.optional(),
  entityType: auditEntityTypeSchema.optional(),
  entityId: z.string().max(255).optional(),
  tenantId: z.uuid().optional().meta({ description: 'For system administrators: what they did in this tenant' }),
  text: z
    .string()
    .max(255)
    .optional()
    .meta({ description: 'Part of the entity’s name, the actor or the source address' }),
};

export const auditFilterSchema = z.object(auditFilter);
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const auditQuerySchema = pageQuerySchema.extend(auditFilter);
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const AUDIT_EXPORT_FORMATS = ['csv', 'ndjson'] as const;
export type AuditExportFormat = (typeof AUDIT_EXPORT_FORMATS)[number];

/** More are refused: whoever needs them exports by time range. */
export const MAX_AUDIT_EXPORT = 100_000;

export const auditExportQuerySchema = auditFilterSchema.extend({ format: z.enum(AUDIT_EXPORT_FORMATS).default('csv') });
export type AuditExportQuery = z.infer<typeof auditExportQuerySchema>;
