import { describe, expect, it } from 'vitest';
import { endTime, exactTime, relativeTime } from './relative-time';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('a time as seen from now', () => {
  it.each([
    [0, 'now'],
    [-4 * SECOND, 'now'],
    [3 * SECOND, 'now'],
    [-5 * SECOND, '5 seconds ago'],
    [-59 * SECOND, '59 seconds ago'],
    [-60 * SECOND, '1 minute ago'],
    [-119 * SECOND, '1 minute ago'],
    [-59 * MINUTE, '59 minutes ago'],
    [-HOUR, '1 hour ago'],
    [-DAY, 'yesterday'],
    [-6 * DAY, '6 days ago'],
    [-7 * DAY, 'last week'],
    [-45 * DAY, 'last month'],
    [-800 * DAY, '2 years ago'],
    [10 * SECOND, 'in 10 seconds'],
    [2 * HOUR, 'in 2 hours'],
  ])('%d ms away is "%s"', (distance, text) => {
    expect(relativeTime(NOW + distance, NOW, 'en')).toBe(text);
  });

  it('is exact to the second with the zone in the tooltip', () => {
    expect(exactTime(NOW, 'en')).toMatch(/2026.*:00:00.*\S/);
  });
});

describe('the end of something', () => {
  const noon = new Date(2026, 10, 21, 12).getTime();

  it('is a time when it is today, and has its day else', () => {
    expect(endTime(noon + 2 * HOUR, noon, 'en-GB')).toBe('14:00');
    expect(endTime(noon + DAY, noon, 'en-GB')).toMatch(/^22 Nov 2026,? .*12:00$/);
  });
});
