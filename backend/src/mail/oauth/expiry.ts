import type { MailProviderOAuth, OAuthGrantState } from '@signalpost/contracts';

import type { TokenAnswer } from './exchange.js';
import type { GrantRow } from './grant-row.js';
import type { OAuthFailure } from './oauth-failures.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Days before an end at which people are told. */
export const WARNING_DAYS = [14, 7, 3, 1] as const;
const SOON = WARNING_DAYS[0] * DAY;

/** A token is new until so long before its end, or a fifth of its life where that is shorter. */
const MARGIN = 5 * MINUTE;
/** What a provider that does not tell the life of its token is taken to mean. */
const DEFAULT_LIFE_SECONDS = 3600;
/** How often what nobody uses is refreshed: far more often than any provider asks for, and cheap. */
const REFRESH_EVERY = DAY;
const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = HOUR;

const TESTING_DAYS = 7;
export const TESTING_NOTE =
  'The Google project is in "Testing": every consent ends after 7 days. Publish the app or make it internal, then sign in again.';

export const isFresh = (row: GrantRow, now: number): boolean => isAliveFor(row, now, true);
/** Still accepted by the mail server, though a new one would be better. */
export const isAlive = (row: GrantRow, now: number): boolean => isAliveFor(row, now, false);

function isAliveFor(
  { access_token, access_expires_at, last_refresh_at }: GrantRow,
  now: number,
  withMargin: boolean,
): boolean {
  if (access_token === null || access_expires_at === null) return false;
  const end = access_expires_at.getTime();
  const life = end - (last_refresh_at?.getTime() ?? end - MARGIN);
  return now < end - (withMargin ? Math.min(MARGIN, life / 5) : 0);
}

export const accessEnd = (answer: TokenAnswer, now: number): number =>
  now + (answer.expires_in ?? DEFAULT_LIFE_SECONDS) * 1000;

export interface RefreshEnd {
  readonly at: number | null;
  readonly note: string | null;
}

/** When the refresh token dies if nothing more happens, and what is known about it. */
export function refreshEnd(
  template: MailProviderOAuth,
  answer: TokenAnswer,
  now: number,
  before: { readonly at: number | null; readonly note: string | null },
): RefreshEnd {
  if (answer.refresh_token_expires_in !== undefined) {
    const at = now + answer.refresh_token_expires_in * 1000;
    const testing = template.library === 'google' && answer.refresh_token_expires_in <= TESTING_DAYS * 86_400;
    return { at, note: testing ? TESTING_NOTE : 'The provider told this end.' };
  }
  if (before.note === TESTING_NOTE && answer.refresh_token === undefined) return before;
  const days = template.refreshTokenIdleDays;
  if (days === undefined) return { at: null, note: 'The provider does not tell when the consent ends.' };
  return { at: now + days * DAY, note: `Ends when it is not used for ${days} days; it is refreshed every day.` };
}

/** Of what keeps this grant alive, what ends first; null when no end is known. */
export const firstEnd = (...ends: readonly (number | null)[]): number | null => {
  const known = ends.filter((end) => end !== null);
  return known.length === 0 ? null : Math.min(...known);
};

export const stateBy = (end: number | null, now: number): OAuthGrantState =>
  end !== null && end - now <= SOON ? 'expiring' : 'valid';

/** The next refresh of a grant that works: once a day, in time for short-lived refresh tokens, not all at once. */
export function nextRefresh(now: number, end: number | null): number {
  const half = end === null ? REFRESH_EVERY : Math.max((end - now) / 2, MINUTE);
  return now + jittered(Math.min(REFRESH_EVERY, half));
}

/** Null: only a person heals it. */
export function nextTry(failure: OAuthFailure, failures: number, now: number): number {
  return (
    now +
    jittered(failure.retryable ? Math.min(FIRST_PAUSE * 3 ** Math.min(failures, 10), LONGEST_PAUSE) : LONGEST_PAUSE)
  );
}

/** From four fifths to the whole. */
const jittered = (milliseconds: number): number => Math.round(milliseconds * (0.8 + Math.random() * 0.2));

/** The warning that is due: the smallest threshold that the end is within; null when it is far. */
export const warningDue = (end: number, now: number): number | null =>
  WARNING_DAYS.findLast((days) => end - now <= days * DAY) ?? null;

/** Google says `invalid_grant` to everything; seven days tell which one it is. */
export const endedLikeTesting = (row: GrantRow, now: number): boolean =>
  row.expiry_note === TESTING_NOTE ||
  (row.obtained_at !== null && Math.abs(now - row.obtained_at.getTime() - TESTING_DAYS * DAY) < 2 * HOUR);
