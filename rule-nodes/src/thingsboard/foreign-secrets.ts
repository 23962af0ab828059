/** Secrets in nodes that this product does not know: they would lie in the chain in clear, so they are not taken in. */
import type { Json, JsonObject } from '../language/rule-message.js';

/** Names that ThingsBoard's external nodes give to secrets. */
const SECRET =
  /(password|passphrase|secret|secretAccessKey|token|privateKey|serviceAccountKey|sasKey|apiKey|authorization|sasl\.jaas\.config)$/i;
/** Taken from the message, so no secret itself. */
const TEMPLATE = /\$[{[]/;

export interface Cleaned {
  readonly config: JsonObject;
  /** Paths of what was emptied. */
  readonly emptied: readonly string[];
}

/** Empties the texts under keys that are named like secrets. */
export function withoutForeignSecrets(config: JsonObject): Cleaned {
  const emptied: string[] = [];
  const clean = (value: Json, path: readonly string[]): Json => {
    if (Array.isArray(value)) return value.map((each, index) => clean(each, [...path, String(index)]));
    if (typeof value === 'object' && value !== null) return cleanObject(value, path);
    if (typeof value !== 'string' || value === '' || !SECRET.test(path.at(-1) ?? '') || TEMPLATE.test(value))
      return value;
    emptied.push(path.join('.'));
    return '';
  };
  const cleanObject = (object: JsonObject, path: readonly string[]): JsonObject =>
    Object.fromEntries(Object.entries(object).map(([key, value]) => [key, clean(value, [...path, key])]));
  return { config: cleanObject(config, []), emptied };
}
