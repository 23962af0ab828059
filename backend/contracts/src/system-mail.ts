/** Mails that the system sends by itself: to the people of a tenant, or to those who keep the system running. */
import { z } from 'zod';

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
