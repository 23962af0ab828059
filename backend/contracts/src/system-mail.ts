/** Mails that the system sends by itself: their texts, their looks. */
import { z } from 'zod';

import { epochMsSchema } from './basic.js';
import { languageSchema } from './language.js';

export const SYSTEM_MAIL_IDS = [
  'activation',
  'account-activated',
  'password-reset',
  'password-changed',
  'address-confirmation',
  'address-changed',
  'account-locked',
  'new-sign-in',
  'sign-in-code',
  'two-factor-enabled',
  'two-factor-disabled',
  'two-factor-removed',
  'recovery-codes-renewed',
  'oauth-expiring',
  'oauth-ended',
  'secret-expiring',
  'quota-near',
  'quota-reached',
  'template-broken',
  'test',
] as const;
export const systemMailIdSchema = z.enum(SYSTEM_MAIL_IDS).meta({ id: 'SystemMailId' });
export type SystemMailId = z.infer<typeof systemMailIdSchema>;

/** A mail's words in one language, in Handlebars. */
const texts = {
  subject: z.string().min(1).max(500),
  html: z
    .string()
    .min(1)
    .max(30_000)
    .meta({ description: 'What stands in the layout: paragraphs, no page around them' }),
  text: z.string().max(30_000).nullable().meta({ description: 'The plain-text part; null: made of the HTML' }),
};
export const mailTemplateTextSchema = z.strictObject(texts).meta({ id: 'MailTemplateText' });
export type MailTemplateText = z.infer<typeof mailTemplateTextSchema>;

/** Whose words are sent: the product's, the system administrator's, the tenant's own. */
export const mailTemplateSourceSchema = z.enum(['built-in', 'system', 'tenant']).meta({ id: 'MailTemplateSource' });
export type MailTemplateSource = z.infer<typeof mailTemplateSourceSchema>;

const state = {
  id: systemMailIdSchema,
  language: languageSchema,
  source: mailTemplateSourceSchema,
  own: z.boolean().meta({ description: 'Changed by the scope that asks; it can be reset' }),
  revision: z.int().meta({ description: 'Of the own text; 0: there is none' }),
  changedAt: epochMsSchema.nullable(),
  changedBy: z.string().nullable(),
  failure: z
    .object({ at: epochMsSchema, message: z.string() })
    .nullable()
    .meta({ description: 'The own text could not be used, so the built-in one was sent' }),
};
export const mailTemplateStateSchema = z.object(state).meta({ id: 'MailTemplateState' });
export type MailTemplateState = z.infer<typeof mailTemplateStateSchema>;
export const mailTemplateListSchema = z
  .object({ items: z.array(mailTemplateStateSchema) })
  .meta({ id: 'MailTemplateList' });

/** `text` is typed by people or devices; `link` and `code` are secrets; `moment` is shown as a date. */
export const mailVariableSchema = z
  .object({
    name: z.string(),
    kind: z.enum(['text', 'moment', 'count', 'link', 'code']),
    description: z.string(),
    sample: z.string(),
    essential: z.boolean().meta({ description: 'Without it the mail is of no use: leaving it out is refused' }),
  })
  .meta({ id: 'MailVariable' });
export type MailVariable = z.infer<typeof mailVariableSchema>;

export const mailTemplateSchema = z
  .object({
    ...state,
    text: mailTemplateTextSchema,
    default: mailTemplateTextSchema.meta({ description: 'What a reset goes back to' }),
    variables: z.array(mailVariableSchema),
    helpers: z.array(z.object({ name: z.string(), usage: z.string() })),
  })
  .meta({ id: 'MailTemplate' });
export type MailTemplate = z.infer<typeof mailTemplateSchema>;

/** @param revision that the change was made on; another one stored meanwhile is not overwritten */
export const mailTemplateInputSchema = z
  .strictObject({ ...texts, revision: z.int().min(0) })
  .meta({ id: 'MailTemplateInput' });
export type MailTemplateInput = z.infer<typeof mailTemplateInputSchema>;

export const mailTemplateVersionSchema = z
  .object({
    at: epochMsSchema,
    by: z.string(),
    /** null: it was reset. */
    text: mailTemplateTextSchema.nullable(),
  })
  .meta({ id: 'MailTemplateVersion' });
export type MailTemplateVersion = z.infer<typeof mailTemplateVersionSchema>;
export const mailTemplateHistorySchema = z
  .object({ items: z.array(mailTemplateVersionSchema) })
  .meta({ id: 'MailTemplateHistory' });

/** A mail as it would be sent; `html` is a whole page, for a sandboxed frame. */
export const mailPreviewSchema = z
  .object({ subject: z.string(), html: z.string(), text: z.string() })
  .meta({ id: 'MailPreview' });
export type MailPreview = z.infer<typeof mailPreviewSchema>;

export const sentToMeSchema = z
  .object({ deliveryId: z.string(), address: z.string() })
  .meta({ id: 'SentToMe', description: 'What becomes of it is in the mail log' });
export type SentToMe = z.infer<typeof sentToMeSchema>;
