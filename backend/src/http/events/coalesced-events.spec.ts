import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { CoalescedEvents } from './coalesced-events.js';
import { EventBus } from './event-bus.js';

const told: string[] = [];
let events: CoalescedEvents;
beforeEach(() => {
  vi.useFakeTimers();
  told.length = 0;
  const bus = new EventBus();
  bus.subscribe({
    changed: ({ tenantId, topic, id }) => told.push(`${tenantId} ${topic} ${id}`),
    resync: () => undefined,
  });
  events = new CoalescedEvents(bus, 'alarms');
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells of the first change at once and of a burst behind it once', () => {
  for (let change = 0; change < 1000; change += 1) events.changed('a');
  expect(told).toEqual(['a alarms null']);
  vi.runAllTimers();
  expect(told).toEqual(['a alarms null', 'a alarms null']);
});

it('is silent when nothing more happens, and at once again for the next change', () => {
  events.changed('a');
  vi.runAllTimers();
  expect(told).toHaveLength(1);
  events.changed('a');
  expect(told).toHaveLength(2);
});

it("lets one tenant's burst delay nobody else's news", () => {
  events.changed('a');
  events.changed('a');
  events.changed('b');
  expect(told).toEqual(['a alarms null', 'b alarms null']);
});
