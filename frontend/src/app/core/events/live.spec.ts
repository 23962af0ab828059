import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ScriptedEventSource } from './event-source.testing';
import { OPEN_EVENT_SOURCE } from './event-stream';
import { live } from './live';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  ScriptedEventSource.opened = [];
  TestBed.configureTestingModule({
    providers: [{ provide: OPEN_EVENT_SOURCE, useValue: (url: string) => new ScriptedEventSource(url) }],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

it('re-reads at once, and once more after a burst', async () => {
  const reread = vi.fn();
  TestBed.runInInjectionContext(() => live('alarms', { isLoading: () => false, reload: reread }));
  await Promise.resolve();
  for (let i = 0; i < 1_000; i++) ScriptedEventSource.last.say({ topic: 'alarms', kind: 'created', id: String(i) });
  expect(reread).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(reread).toHaveBeenCalledTimes(2);
});

it('leaves out what does not concern the page, but never a possible gap', async () => {
  const reread = vi.fn();
  TestBed.runInInjectionContext(() => live('alarms', { isLoading: () => false, reload: reread }, () => 'mine'));
  await Promise.resolve();
  ScriptedEventSource.last.accept();
  ScriptedEventSource.last.say({ topic: 'alarms', kind: 'created', id: 'other' });
  expect(reread).not.toHaveBeenCalled();
  ScriptedEventSource.last.accept();
  expect(reread).toHaveBeenCalledTimes(1);
});

it('takes an event about nothing in particular for one that concerns the page', async () => {
  const reread = vi.fn();
  TestBed.runInInjectionContext(() => live('alarms', { isLoading: () => false, reload: reread }, () => 'mine'));
  await Promise.resolve();
  ScriptedEventSource.last.say({ topic: 'alarms', kind: 'changed', id: null });
  expect(reread).toHaveBeenCalledTimes(1);
});

it('lets a read that is on its way come to its end, and reads again after it', async () => {
  const shown = { isLoading: vi.fn(() => true), reload: vi.fn() };
  TestBed.runInInjectionContext(() => live('alarms', shown));
  await Promise.resolve();
  ScriptedEventSource.last.say({ topic: 'alarms', kind: 'changed', id: null });
  vi.advanceTimersByTime(5_000);
  expect(shown.reload).not.toHaveBeenCalled();
  shown.isLoading.mockReturnValue(false);
  vi.advanceTimersByTime(5_000);
  expect(shown.reload).toHaveBeenCalledTimes(1);
});
