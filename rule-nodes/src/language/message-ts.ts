import type { RuleMessage } from './rule-message.js';

/** When the message's values were measured, epoch milliseconds: `metadata.ts` where it is a number, else its own time. */
export function valueTime(message: RuleMessage): number {
  const ts = Number(message.metadata['ts'] || Number.NaN);
  return Number.isSafeInteger(ts) ? ts : message.ts;
}
