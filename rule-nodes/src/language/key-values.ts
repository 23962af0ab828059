/** Reads the bodies of telemetry and attribute messages: `{k: v}`, `{ts, values}` or arrays of either. */
import type { Json, JsonObject } from './rule-message.js';

export interface ReadValue {
  readonly key: string;
  readonly ts: number;
  readonly value: Json;
}
export type ReadValues =
  { readonly ok: true; readonly values: readonly ReadValue[] } | { readonly ok: false; readonly problem: string };

/** More digits than this do not survive in a double: such texts stay text. */
const SAFE_DIGITS = 15;
const NUMERIC = /^-?\d+(\.\d+)?$/;

/** @param defaultTs time of values that name none, epoch milliseconds */
export function readTelemetry(data: Json, defaultTs: number): ReadValues {
  const values: ReadValue[] = [];
  for (const part of Array.isArray(data) ? data : [data]) {
    if (!isJsonObject(part)) return { ok: false, problem: `Can't parse value: ${JSON.stringify(part)}` };
    const timed = timedValues(part);
    const problem = collect(timed?.values ?? part, timed?.ts ?? defaultTs, values);
    if (problem) return { ok: false, problem };
  }
  return { ok: true, values };
}

/** Attributes carry no times of their own: `ts` is theirs. */
export function readAttributes(data: Json, ts: number): ReadValues {
  const values: ReadValue[] = [];
  if (!isJsonObject(data)) return { ok: false, problem: `Can't parse value: ${JSON.stringify(data)}` };
  const problem = collect(data, ts, values);
  return problem ? { ok: false, problem } : { ok: true, values };
}

function timedValues(part: JsonObject): { ts: number; values: JsonObject } | null {
  const { ts, values } = part;
  return isJsonObject(values) && typeof ts === 'number' && Number.isSafeInteger(ts) ? { ts, values } : null;
}

function collect(object: JsonObject, ts: number, into: ReadValue[]): string | null {
  for (const [key, value] of Object.entries(object)) {
    if (value === null) return `Can't parse value: the value of "${key}" is null.`;
    into.push({ key, ts, value: castNumber(value) });
  }
  return null;
}

/** ThingsBoard stores numeric texts as numbers. */
function castNumber(value: Json): Json {
  if (typeof value !== 'string' || value.length > SAFE_DIGITS || !NUMERIC.test(value)) return value;
  return Number(value);
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value as metadata holds it: texts as they are, everything else as JSON. */
export const asText = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
