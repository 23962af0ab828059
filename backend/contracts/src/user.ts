import { z } from 'zod';

import { epochMsSchema, emailSchema, idSchema, labelSchema, nameSchema, referenceSchema } from './basic.js';
import { languageSchema } from './language.js';
import { pageOf, pageQuerySchema } from './paging.js';
import { problemSchema } from './problem.js';
import { roleSchema } from './session.js';

export const newUserSchema = z.strictObject({
  email: emailSchema,
  name: labelSchema.default(''),
  language: languageSchema.nullable().default(null).meta({ description: "Null: the tenant's language" }),
});

export type NewUser = z.infer<typeof newUserSchema>;

/** What became of an invitation; `not-sent`: a link exists, no mail does (an administrator shows the link). */
export const invitationStateSchema = z
  .enum(['not-sent', 'queued', 'accepted', 'refused', 'opened', 'expired', 'activated'])
  .meta({ id: 'InvitationState' });

export type InvitationState = z.infer<typeof invitationStateSchema>;

export const invitationSchema = z
  .object({
    state: invitationStateSchema,
    sentAt: epochMsSchema.nullable().meta({ description: 'When the newest link was made' }),
    expiresAt: epochMsSchema.nullable().meta({ description: 'End of the newest link' }),
    reply: z.string().nullable().meta({ description: "The mail server's last words" }),
    advice: z.string().nullable().meta({ description: 'What to do about a mail that was refused' }),
  })
  .meta({ id: 'Invitation' });

export type Invitation = z.infer<typeof invitationSchema>;

export const userSchema = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    tenant: referenceSchema,
    customer: referenceSchema.nullable(),
    language: languageSchema.nullable().meta({ description: "Null: the tenant's language" }),
    active: z.boolean().meta({ description: 'False: disabled by an administrator' }),
    lockedUntil: epochMsSchema.nullable().meta({ description: 'After too many wrong passwords' }),
    invitation: invitationSchema,
    lastSignInAt: epochMsSchema.nullable(),
    managed: z.boolean(),
    revision: z.int().meta({ description: 'Counts changes; a change names it in `If-Match`' }),
    createdAt: epochMsSchema,
  })
  .meta({ id: 'User' });

export type User = z.infer<typeof userSchema>;

export const userPageSchema = pageOf(userSchema, 'UserPage');

/** `tenantId` is for the system administrator, who sees the administrators of that tenant. */
export const userQuerySchema = pageQuerySchema.extend({
  search: z.string().max(200).optional(),
  role: roleSchema.optional(),
  customerId: idSchema.optional(),
  tenantId: idSchema.optional(),
});

export type UserQuery = z.infer<typeof userQuerySchema>;

const placeShape = {
  role: roleSchema,
  customerId: idSchema.nullable().default(null).meta({ description: 'For a customer user, and only then' }),
};

export const newInvitationSchema = newUserSchema
  .extend({
    ...placeShape,
    tenantId: idSchema.optional().meta({ description: 'For the system administrator: the tenant to administer' }),
    sendMail: z
      .boolean()
      .default(true)
      .meta({ description: 'False: no mail; show the link and hand it over yourself' }),
  })
  .meta({ id: 'NewInvitation' });

export type NewInvitation = z.infer<typeof newInvitationSchema>;

export const userChangesSchema = z
  .strictObject({ name: labelSchema, language: languageSchema.nullable(), ...placeShape })
  .meta({ id: 'UserChanges' });

export type UserChanges = z.infer<typeof userChangesSchema>;

/** A link that an administrator hands over, because mail must never be the only way in. */
export const shownLinkSchema = z
  .object({ purpose: z.enum(['activation', 'password-reset']), url: z.string(), expiresAt: epochMsSchema })
  .meta({ id: 'ShownLink' });

export type ShownLink = z.infer<typeof shownLinkSchema>;

export const MAX_INVITATION_ROWS = 500;

/**
 * One line of a bulk invitation, as a CSV file or JSON gives it; everything is checked line by line. Without a name of its own
 * in the OpenAPI document: its JSON Schema stands there in place, and a name would make it refer to what is not there.
 */
export const invitationRowSchema = z.strictObject({
  email: z.string().max(1000),
  name: z.string().max(1000).default(''),
  role: z.string().max(100).default('customer-user'),
  customer: z.string().max(1000).default('').meta({ description: 'Name of a customer of the tenant' }),
  language: z.string().max(100).default(''),
});

export type InvitationRow = z.infer<typeof invitationRowSchema>;

export const invitationRowsSchema = z.strictObject({
  rows: z.array(invitationRowSchema).min(1).max(MAX_INVITATION_ROWS),
});

/** As JSON, or the text of a CSV file whose first line names the columns. */
export const invitationsSchema = z.union([z.string(), invitationRowsSchema]);

export type InvitationRows = z.infer<typeof invitationRowsSchema>;

/** What a line asks for once it was read. */
export const invitationLineSchema = z.object({
  email: emailSchema,
  name: z.union([z.literal(''), nameSchema]).refine((name) => !/^[=+\-@]/.test(name), {
    message: 'must not begin with = + - or @: spreadsheets would run it',
  }),
  role: roleSchema.exclude(['system-administrator'], {
    error: 'must be tenant-administrator, tenant-operator or customer-user',
  }),
  customer: z.string(),
  language: z.union([z.literal(''), languageSchema], {
    error: `must be empty or one of ${languageSchema.options.join(', ')}`,
  }),
});

export const invitationReportSchema = z
  .object({
    invited: z.int(),
    refused: z.int(),
    lines: z.array(
      z
        .object({
          line: z.int().meta({ description: 'Line of the file, or number of the row; the first is 1' }),
          email: z.string(),
          userId: z.string().nullable().meta({ description: 'Null: refused' }),
          problem: problemSchema.pick({ code: true, title: true, detail: true, advice: true }).nullable(),
        })
        .meta({ id: 'InvitationReportLine' }),
    ),
  })
  .meta({ id: 'InvitationReport' });

export type InvitationReport = z.infer<typeof invitationReportSchema>;
export type InvitationReportLine = InvitationReport['lines'][number];
