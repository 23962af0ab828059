/** Which of the tenant's mail servers a node uses; it never holds SMTP settings. */
import { z } from 'zod';

export const MailServerChoice = z.discriminatedUnion('use', [
  z.object({ use: z.literal('tenant-default') }),
  z.object({ use: z.literal('named'), serverId: z.uuid() }),
  /** The system's default server, where the system administrator allows it; else the tenant's default. */
  z.object({ use: z.literal('system') }),
]);
export type MailServerChoice = z.infer<typeof MailServerChoice>;
