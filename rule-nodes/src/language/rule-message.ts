/**
 * The message that travels a rule chain. The shape follows ThingsBoard's TbMsg (metadata is a flat map of strings, the
 * data is usually JSON), so that scripts and templates written for it mean the same here.
 */
import { z } from 'zod';

/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export const EntityType = z.enum([
  'TENANT',
  'CUSTOMER',
  'USER',
  'DEVICE',
  'ASSET',
  'ENTITY_VIEW',
  'EDGE',
  'ALARM',
  'RULE_CHAIN',
  'RULE_NODE',
]);
export type EntityType = z.infer<typeof EntityType>;

/** Names one thing of a tenant. */
export const EntityRef = z.object({ entityType: EntityType, id: z.uuid() });
export type EntityRef = z.infer<typeof EntityRef>;

/** `JSON`: `data` is the parsed value. `TEXT`: a string. `BINARY`: a base64 string. */
export type DataType = 'JSON' | 'TEXT' | 'BINARY';

export interface RuleMessage {
  /** UUID. Given at acceptance; every derived message's id is a hash (see `derive-id.ts`), never random. */
  readonly id: string;
  /** Milliseconds since the epoch at acceptance; `metadata.ts` wins where a node wants the time of the values. */
  readonly ts: number;
  /** For example POST_TELEMETRY_REQUEST; any string is legal. */
  readonly type: string;
  readonly originator: EntityRef;
  /** The customer that owned the originator when the message was accepted. */
  readonly customerId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly dataType: DataType;
  readonly data: Json;
  /** The alarm that this message tells of: mails of one alarm to one recipient leave in order. */
  readonly alarmId?: string;
}
