import { z } from 'zod';

/** What a page can be told about. */
export const eventTopicSchema = z
  .enum([
    'alarms',
    'dead-letters',
    'devices',
    'inbox',
    'mail-log',
    'mail-servers',
    'notices',
    'rule-chain-debug',
    'rule-chains',
    'tenants',
    'users',
  ])
  .meta({ id: 'EventTopic' });

export type EventTopic = z.infer<typeof eventTopicSchema>;

/**
 * One message of the stream `GET /api/events`. It carries no data: the page reads again what it shows. `id` is null when
 * it is not known what changed (the connection between instances was lost, or the reader may not know every id).
 */
export const serverEventSchema = z
  .object({ topic: eventTopicSchema, kind: z.string(), id: z.string().nullable() })
  .meta({ id: 'ServerEvent' });

export type ServerEvent = z.infer<typeof serverEventSchema>;

/** `?topics=alarms,inbox` */
export const eventQuerySchema = z.object({
  topics: z
    .string()
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(eventTopicSchema).min(1)),
});
