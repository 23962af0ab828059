import type { Alarm } from '../../core/api/models';
import { ALARM_SEVERITY } from '../../core/api/models/alarm-severity-array';
import type { Page } from '../../core/paging/paged-list';

/** The largest page the API gives: enough to count what a person can look at. */
export const COUNTED = 100;

/** How many there are, as far as one page tells: "100+" when it does not tell all. */
export function tally(page: Page<unknown>): string {
  return `${page.items.length}${page.nextCursor === null ? '' : '+'}`;
}

/** How many alarms of each severity are on the page, worst first; each severity occurs, if only with 0. */
export function bySeverity(alarms: readonly Alarm[]): readonly { severity: Alarm['severity']; count: number }[] {
  return ALARM_SEVERITY.map((severity) => ({
    severity,
    count: alarms.filter((alarm) => alarm.severity === severity).length,
  }));
}
