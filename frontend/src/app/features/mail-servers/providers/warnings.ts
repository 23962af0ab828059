import type { MailProviderTemplate } from '../../../core/api/models';
import { type JsonObject, at } from '../../../ui/schema-form/json-value';

export interface Warning {
  readonly text: string;
  /** Day (epoch milliseconds) from which it is so; null: it is so at any time. */
  readonly from: number | null;
  /** Whether that day is still to come. */
  readonly ahead: boolean;
}

/** What a person should know about a provider, for the way in which these settings use it; dated ones first. */
export function warningsFor(template: MailProviderTemplate, settings: JsonObject, now: number): readonly Warning[] {
  const ways = [at(settings, ['auth', 'kind']), settings['transport']];
  return template.warnings
    .filter(({ about }) => about === undefined || ways.includes(about))
    .map(({ text, from }) => ({ text, ...dated(from, now) }))
    .sort((one, other) => (one.from ?? Infinity) - (other.from ?? Infinity));
}

function dated(from: string | undefined, now: number): Pick<Warning, 'from' | 'ahead'> {
  if (from === undefined) return { from: null, ahead: false };
  const day = Date.parse(from);
  return { from: day, ahead: day > now };
}
