import type { Alarm, AlarmMute, MuteAlarm } from '../../core/api/models';

/** For how many hours an alarm can be muted with one click. */
export const MUTE_HOURS = [1, 4, 8, 24] as const;
export const MAX_MUTE_DAYS = 30;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const hoursAhead = (hours: number, now: number): number => now + hours * HOUR;

/** Whether a time that a person picked can be the end of a mute. */
export function isMuteEnd(until: number, now: number): boolean {
  return until > now && until <= now + MAX_MUTE_DAYS * DAY;
}

/** The mute that holds now; its time may have come since the alarm was read. */
export function heldMute({ muted }: Pick<Alarm, 'muted'>, now: number): AlarmMute | null {
  return muted && (muted.until === null || muted.until > now) ? muted : null;
}

/** A reason of nothing but blanks is none. */
export function wishOf(until: MuteAlarm['until'], reason: string): MuteAlarm {
  const text = reason.trim();
  return text ? { until, reason: text } : { until };
}

/** As `<input type="datetime-local">` has it: local time without a zone, to the minute. */
export function localTime(time: number): string {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
