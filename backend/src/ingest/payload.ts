import type { Json } from '@signalpost/rule-nodes/runtime';

/** One message to accept. `data` is JSON text of `{key: value, …}`. */
export interface DevicePayload {
  readonly type: 'POST_TELEMETRY_REQUEST' | 'POST_ATTRIBUTES_REQUEST';
  /** Time of the values, epoch milliseconds. */
  readonly ts: number;
  readonly data: string;
}

/** The body is not what the path takes; `message` says what is wrong with it. */
export class PayloadError extends Error {}

type JsonObject = { [key: string]: Json };

/** Largest time that JavaScript and ThingsBoard can hold. */
const LATEST_TS = 8.64e15;

/**
 * ThingsBoard's telemetry: `{k: v}`, `{ts, values: {k: v}}`, or an array of either; one message for each.
 *
 * @param now epoch milliseconds for values without a time of their own
 * @throws PayloadError
 */
export function parseTelemetry(body: string, now: number): DevicePayload[] {
  const parsed = parseJson(body);
  const items = Array.isArray(parsed) ? parsed : [parsed];
  if (items.length === 0) throw new PayloadError('The array is empty. Send at least one object with values.');
  return items.map((item, index) => telemetryOf(item, Array.isArray(parsed) ? `Item ${index}` : 'The body', now));
}

/** ThingsBoard's attributes: one object of values. */
export function parseAttributes(body: string, now: number): DevicePayload[] {
  const values = objectOf(parseJson(body), 'The body');
  return [{ type: 'POST_ATTRIBUTES_REQUEST', ts: now, data: dataOf(values, 'The body') }];
}

function parseJson(body: string): Json {
  try {
    return JSON.parse(body) as Json; // what JSON.parse gives is Json
  } catch (error) {
    throw new PayloadError(`The body is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`);
  }
}

function telemetryOf(item: Json, where: string, now: number): DevicePayload {
  const object = objectOf(item, where);
  const timed = 'ts' in object && 'values' in object;
  const values = timed ? objectOf(object['values'] ?? null, `"values" of ${where.toLowerCase()}`) : object;
  return { type: 'POST_TELEMETRY_REQUEST', ts: timed ? timeOf(object['ts'], where) : now, data: dataOf(values, where) };
}

function objectOf(value: Json, where: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new PayloadError(`${where} must be a JSON object like {"temperature": 21.5}.`);
}

function timeOf(value: Json | undefined, where: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST_TS) return value;
  throw new PayloadError(`"ts" of ${where.toLowerCase()} must be a whole number of milliseconds since 1970.`);
}

/** Values as ThingsBoard keeps them: nulls are left out, strings that are numbers become numbers. */
function dataOf(values: JsonObject, where: string): string {
  const kept: JsonObject = {};
  let count = 0;
  for (const [key, value] of Object.entries(values)) {
    if (value === null) continue;
    if (key === '' || key.includes('\0'))
      throw new PayloadError(`${where} has a key that is empty or holds a NUL character.`);
    kept[key] = numberIfNumeric(value);
    count += 1;
  }
  if (count === 0) throw new PayloadError(`${where} holds no values. Send at least one, like {"temperature": 21.5}.`);
  return textOf(kept, where);
}

/** Only where the string is exactly what the number would be written as: "0012" stays a string, its zeros may mean something. */
function numberIfNumeric(value: Json): Json {
  if (typeof value !== 'string' || value === '' || value.length > 20) return value;
  const number = Number(value);
  return Number.isFinite(number) && String(number) === value ? number : value;
}

/** PostgreSQL cannot keep the NUL character in text. */
function textOf(values: JsonObject, where: string): string {
  const text = JSON.stringify(values);
  if (text.includes('\\u0000')) throw new PayloadError(`${where} holds a NUL character, which cannot be stored.`);
  return text;
}
