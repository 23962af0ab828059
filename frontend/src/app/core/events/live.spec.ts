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
  TestBed.runInInjectionContext(() => live('alarms', reread));
  await Promise.resolve();
  for (let i = 0; i < 1_000; i++) ScriptedEventSource.last.say({ topic: 'alarms', kind: 'created', id: String(i) });
  expect(reread).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(reread).toHaveBeenCalledTimes(2);
});

it('leaves out what does not concern the page, but never a possible gap', async () => {
  const reread = vi.fn();
  TestBed.runInInjectionContext(() => live('alarms', reread, (event) => event.id === 'mine'));
  await Promise.resolve();
  ScriptedEventSource.last.accept();
  ScriptedEventSource.last.say({ topic: 'alarms', kind: 'created', id: 'other' });
  expect(reread).not.toHaveBeenCalled();
  ScriptedEventSource.last.accept();
  expect(reread).toHaveBeenCalledTimes(1);
});
