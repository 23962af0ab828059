import type { QueueEntry } from '../queue/index.js';
import type { AttributeAnnouncement } from './attribute-batch.js';

/** What the tenant's root chain is told of changed attributes: ThingsBoard's ATTRIBUTES_UPDATED. */
export function attributesUpdated({ tenantId, messageId, entity, scope, values }: AttributeAnnouncement): QueueEntry {
  const newest = Math.max(...values.map((value) => value.ts));
  return {
    tenantId,
    message: {
      id: messageId,
      ts: newest,
      type: 'ATTRIBUTES_UPDATED',
      originator: entity,
      customerId: null,
      metadata: { scope },
      dataType: 'JSON',
      data: Object.fromEntries(values.map(({ key, value }) => [key, value])),
    },
  };
}
