import { z } from 'zod';

/** What administrators are told about by mail. Mails about one's own account are always sent and are not in this list. */
export const NOTICES = [
  'oauth-expiring',
  'oauth-ended',
  'secret-expiring',
  'quota-near',
  'quota-reached',
  'template-broken',
] as const;

export const noticeSchema = z.enum(NOTICES).meta({ id: 'Notice' });

export type Notice = z.infer<typeof noticeSchema>;

/** Roles that a notice can go to by default; a customer user is told nothing about the tenant. */
export const NOTICE_ROLES = ['system-administrator', 'tenant-administrator', 'tenant-operator'] as const;

export const noticeRoleSchema = z.enum(NOTICE_ROLES).meta({ id: 'NoticeRole' });

export type NoticeRole = z.infer<typeof noticeRoleSchema>;

const eachNotice = <T extends z.ZodType>(value: T) => z.record(noticeSchema, value);

/** Who is told by default, a notice and role: of the caller's own scope. */
export const noticeDefaultsSchema = z
  .strictObject({ notices: eachNotice(z.array(noticeRoleSchema)) })
  .meta({ id: 'NoticeDefaults' });

export type NoticeDefaults = z.infer<typeof noticeDefaultsSchema>;

export const noticeDefaultsStateSchema = noticeDefaultsSchema
  .extend({ managed: z.boolean() })
  .meta({ id: 'NoticeDefaultsState' });

export type NoticeDefaultsState = z.infer<typeof noticeDefaultsStateSchema>;

/** As the provisioning file writes it: what it leaves out goes to administrators. */
export const noticesDefinitionSchema = z.partialRecord(noticeSchema, z.array(noticeRoleSchema));

export type NoticesDefinition = z.infer<typeof noticesDefinitionSchema>;

/** One person's own choice; null follows the default of the role. */
export const noticeChoicesSchema = z
  .strictObject({ notices: eachNotice(z.boolean().nullable()) })
  .meta({ id: 'NoticeChoices' });

export type NoticeChoices = z.infer<typeof noticeChoicesSchema>;

export const accountNoticesSchema = z
  .object({
    items: z.array(
      z
        .object({
          notice: noticeSchema,
          choice: z.boolean().nullable().meta({ description: 'Null: as the role has it' }),
          byRole: z.boolean().meta({ description: 'What the role has by default' }),
        })
        .meta({ id: 'AccountNotice' }),
    ),
  })
  .meta({ id: 'AccountNotices' });

export type AccountNotices = z.infer<typeof accountNoticesSchema>;
