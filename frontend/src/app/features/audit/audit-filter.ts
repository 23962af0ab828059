import type { AuditEntityType } from '../../core/api/models';
import { AUDIT_ENTITY_TYPE } from '../../core/api/models/audit-entity-type-array';

const DAY = 86_400_000;

/** How far back, in days. */
const SINCE_DAYS = { day: 1, week: 7, month: 30 } as const;

export type Since = keyof typeof SINCE_DAYS | 'ever';
export const SINCE: readonly Since[] = ['day', 'week', 'month', 'ever'];

export interface AuditFilter {
  readonly since: Since;
  readonly about: AuditEntityType | null;
  readonly text: string;
}

/** The filter as the address says it; unknown words count as the default. */
export function filterOf(words: Partial<Record<keyof AuditFilter, string | undefined>>): AuditFilter {
  return {
    since: SINCE.find((known) => known === words.since) ?? 'ever',
    about: AUDIT_ENTITY_TYPE.find((known) => known === words.about) ?? null,
    text: words.text ?? '',
  };
}

/** What the API is asked for. */
export interface AuditQuery {
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly entityType?: AuditEntityType;
  readonly text?: string;
}

/** @param now epoch milliseconds; only its minute counts, so that the same filter asks the same again */
export function queryOf({ since, about, text }: AuditFilter, now: number): AuditQuery {
  const minute = Math.floor(now / 60_000) * 60_000;
  return {
    ...(since === 'ever' ? {} : { from: minute - SINCE_DAYS[since] * DAY }),
    ...(about === null ? {} : { entityType: about }),
    ...(text === '' ? {} : { text }),
  };
}

/** Address of the file with everything that the filter lets through. */
export function exportUrl(filter: AuditFilter, now: number, format: 'csv' | 'ndjson'): string {
  const { from, entityType, text } = queryOf(filter, now);
  const words = { from: from?.toString(), entityType, text, format };
  const query = Object.entries(words).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `/api/audit/export?${new URLSearchParams(query).toString()}`;
}
