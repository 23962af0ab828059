/** Where the enrichment nodes put what they found. */
import { oneOf } from '../../language/config-fields.js';
import { asText, isJsonObject } from '../../language/key-values.js';
import type { Json, RuleMessage } from '../../language/rule-message.js';

const PLACES = ['METADATA', 'DATA'] as const;
export type FetchTo = (typeof PLACES)[number];

export const fetchToField = () =>
  oneOf(PLACES, 'METADATA').meta({
    title: 'Put it into',
    ui: { widget: 'select', choices: { METADATA: 'Metadata', DATA: 'Message' } },
  });

/** The message with the values added; null where they belong into data that is no JSON object. */
export function withFetched(
  message: RuleMessage,
  to: FetchTo,
  found: readonly (readonly [string, Json])[],
): RuleMessage | null {
  if (to === 'DATA') {
    return isJsonObject(message.data) ? { ...message, data: { ...message.data, ...Object.fromEntries(found) } } : null;
  }
  const metadata = { ...message.metadata };
  for (const [key, value] of found) metadata[key] = asText(value);
  return { ...message, metadata };
}

export const DATA_NOT_AN_OBJECT =
  'Message body is not an object, so nothing can be put into it. Put the values into metadata.';
