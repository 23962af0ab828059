import type { OAuthGrant } from '../../../core/api/models';

/** One point in the life of a grant. */
export interface Moment {
  readonly kind: 'obtained' | 'refreshed' | 'failed' | 'next' | 'access-ends' | 'refresh-ends';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ahead: boolean;
}

/** Never ahead, however slow the clock of this page is. */
const DONE: readonly Moment['kind'][] = ['obtained', 'refreshed', 'failed'];

/** What was and what will be of a grant, the oldest first. */
export function timelineOf(grant: OAuthGrant, now: number): readonly Moment[] {
  const moments: readonly (readonly [Moment['kind'], number | null])[] = [
    ['obtained', grant.obtainedAt],
    ['refreshed', grant.lastRefreshAt === grant.obtainedAt ? null : grant.lastRefreshAt],
    ['failed', grant.lastError?.at ?? null],
    ['next', grant.nextRefreshAt],
    ['access-ends', grant.accessExpiresAt],
    ['refresh-ends', grant.refreshExpiresAt],
  ];
  return moments
    .flatMap(([kind, at]) => (at === null ? [] : [{ kind, at, ahead: at > now && !DONE.includes(kind) }]))
    .sort((one, other) => one.at - other.at);
}
