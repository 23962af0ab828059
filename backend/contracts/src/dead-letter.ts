import { EntityType } from '@signalpost/rule-nodes';
import { z } from 'zod';

import { epochMsSchema } from './basic.js';
import { pageOf } from './paging.js';

/** Why a message, a mail or a request could not be served: the same shape everywhere. */
export const failureSchema = z
  .object({ code: z.string(), message: z.string(), retryable: z.boolean() })
  .meta({ id: 'Failure' });

export const deadLetterSchema = z
  .object({
    id: z.string(),
    createdAt: epochMsSchema,
    originator: z.object({ type: EntityType, id: z.string(), name: z.string().nullable() }).meta({ id: 'DeadLetterOriginator' }),
    messageType: z.string(),
    failure: failureSchema,
    data: z.unknown().meta({ description: 'Data of the message' }),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: 'DeadLetter' });

export type DeadLetterView = z.infer<typeof deadLetterSchema>;

export const deadLetterPageSchema = pageOf(deadLetterSchema, 'DeadLetterPage');
