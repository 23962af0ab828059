import { describe, expect, it } from 'vitest';
import { heldMute, hoursAhead, isMuteEnd, localTime, wishOf } from './mute-ends';

const NOW = Date.UTC(2026, 5, 1, 12);
const DAY = 86_400_000;

describe('the end of a mute', () => {
  it.each([
    ['a minute from now', NOW + 60_000, true],
    ['in 30 days', NOW + 30 * DAY, true],
    ['later than that', NOW + 30 * DAY + 1, false],
    ['now', NOW, false],
    ['no time at all', Number.NaN, false],
  ])('can be %s: %s', (_, until, can) => {
    expect(isMuteEnd(until, NOW)).toBe(can);
  });

  it('is so many hours ahead', () => {
    expect(new Date(hoursAhead(4, NOW)).toISOString()).toBe('2026-06-01T16:00:00.000Z');
  });

  it('is written as the control for local times wants it, and read back', () => {
    expect(localTime(NOW)).toMatch(/^2026-06-0\dT\d\d:\d\d$/);
    expect(new Date(localTime(NOW)).getTime()).toBe(NOW);
  });
});

describe('a mute', () => {
  const mute = { by: 'Ann', at: NOW - DAY, reason: null };

  it.each([
    ['until a time to come', { ...mute, until: NOW + 1 }, true],
    ['until the alarm clears', { ...mute, until: null }, true],
    ['until a time that has come', { ...mute, until: NOW }, false],
  ])('%s holds: %s', (_, muted, holds) => {
    expect(heldMute({ muted }, NOW)).toEqual(holds ? muted : null);
  });

  it('is none where there is none', () => {
    expect(heldMute({ muted: null }, NOW)).toBeNull();
  });

  it('has no reason where somebody typed nothing but blanks', () => {
    expect(wishOf('cleared', '  ')).toEqual({ until: 'cleared' });
    expect(wishOf(NOW, ' Fitters ')).toEqual({ until: NOW, reason: 'Fitters' });
  });
});
