import type { Alarm } from '../../core/api/models';
import { ALARM_SEVERITY } from '../../core/api/models/alarm-severity-array';

export const STATUSES = ['active', 'muted', 'cleared', 'all'] as const;
export type StatusFilter = (typeof STATUSES)[number];
export type SeverityFilter = Alarm['severity'] | 'any';

export interface AlarmFilter {
  readonly status: StatusFilter;
  readonly severity: SeverityFilter;
}

/** What the API is asked for. */
export interface AlarmQuery {
  readonly status: Exclude<StatusFilter, 'muted'>;
  readonly muted?: 'true';
  readonly severity?: Alarm['severity'];
}

export const SEVERITIES: readonly SeverityFilter[] = ['any', ...ALARM_SEVERITY];

/** The filter as the address says it; unknown words count as the default. */
export function filterOf(status: string | undefined, severity: string | undefined): AlarmFilter {
  return {
    status: STATUSES.find((known) => known === status) ?? 'active',
    severity: SEVERITIES.find((known) => known === severity) ?? 'any',
  };
}

/** Muted ones are active all the same. */
export function queryOf({ status, severity }: AlarmFilter): AlarmQuery {
  return {
    ...(status === 'muted' ? { status: 'active', muted: 'true' } : { status }),
    ...(severity === 'any' ? {} : { severity }),
  };
}
