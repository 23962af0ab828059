/** What "to email" makes and "send email" takes: ThingsBoard's `TbEmail` payload, field for field. */
import { z } from 'zod';

export const EmailDraft = z.object({
  from: z.string().nullish(),
  /** Comma-separated addresses. */
  to: z.string().nullish(),
  cc: z.string().nullish(),
  bcc: z.string().nullish(),
  subject: z.string().nullish(),
  body: z.string().nullish(),
  /** Inline pictures: content id to base64 or data URI. */
  images: z.record(z.string(), z.string()).nullish(),
  /** Whether `body` is HTML. */
  html: z.boolean().nullish(),
});
export type EmailDraft = z.infer<typeof EmailDraft>;
