const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** Below this many seconds a time is "now": browsers and servers never agree to the second. */
const NOW = 5;

/** "3 minutes ago", "in 2 hours", "now". Times are epoch milliseconds. */
export function relativeTime(time: number, now: number, locale: string): string {
  const seconds = Math.round((time - now) / 1000);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const [unit, size] = unitOf(Math.abs(seconds));
  return Math.abs(seconds) < NOW ? format.format(0, 'second') : format.format(Math.trunc(seconds / size), unit);
}

/** "3m", "2h", "5d": the same age for narrow columns. */
export function shortAge(time: number, now: number, locale: string): string {
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  const [unit, size] = unitOf(seconds);
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' });
  return format.format(Math.trunc(seconds / size));
}

/** Date and time to the second with the zone, for tooltips and details. */
export function exactTime(time: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' }).format(time);
}

/** Until when something holds: the time to the minute, with the day unless that is the day of `now`. */
export function endTime(time: number, now: number, locale: string): string {
  const sameDay = new Date(time).toDateString() === new Date(now).toDateString();
  const format = new Intl.DateTimeFormat(locale, { timeStyle: 'short', ...(sameDay ? {} : { dateStyle: 'medium' }) });
  return format.format(time);
}

function unitOf(seconds: number): readonly [Intl.RelativeTimeFormatUnit, number] {
  return UNITS.find(([, size]) => seconds >= size) ?? ['second', 1];
}
