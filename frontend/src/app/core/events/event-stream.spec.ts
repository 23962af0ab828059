import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptedEventSource } from './event-source.testing';
import { EventStream, OPEN_EVENT_SOURCE } from './event-stream';

let stream: EventStream;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  ScriptedEventSource.opened = [];
  vi.stubGlobal('EventSource', ScriptedEventSource);
  Object.assign(ScriptedEventSource, { CONNECTING: 0, OPEN: 1, CLOSED: 2 });
  TestBed.configureTestingModule({
    providers: [{ provide: OPEN_EVENT_SOURCE, useValue: (url: string) => new ScriptedEventSource(url) }],
  });
  stream = TestBed.inject(EventStream);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** The stream follows its listeners at the end of the turn. */
const turn = (): Promise<void> => Promise.resolve();

const ALARM = { topic: 'alarms', kind: 'created', id: 'a1' };

describe('the one stream of a tab', () => {
  it('is opened once for all topics that are listened to in a turn', async () => {
    stream.listen('mail-log', vi.fn());
    stream.listen('alarms', vi.fn());
    stream.listen('alarms', vi.fn());
    await turn();
    expect(ScriptedEventSource.opened.map(({ url }) => url)).toEqual(['/api/events?topics=alarms%2Cmail-log']);
  });

  it('brings an event to the listeners of its topic only', async () => {
    const alarms = vi.fn();
    const inbox = vi.fn();
    stream.listen('alarms', alarms);
    stream.listen('inbox', inbox);
    await turn();
    ScriptedEventSource.last.say(ALARM);
    expect(alarms).toHaveBeenCalledExactlyOnceWith(ALARM);
    expect(inbox).not.toHaveBeenCalled();
  });

  it('is opened anew when a page needs another topic, and the old one is closed', async () => {
    stream.listen('alarms', vi.fn());
    await turn();
    const before = ScriptedEventSource.last;
    stream.listen('inbox', vi.fn());
    await turn();
    expect(before.readyState).toBe(before.CLOSED);
    expect(ScriptedEventSource.last.url).toBe('/api/events?topics=alarms%2Cinbox');
  });

  it('stays open when one page leaves and the next needs the same topics', async () => {
    const leave = stream.listen('alarms', vi.fn());
    await turn();
    leave();
    stream.listen('alarms', vi.fn());
    await turn();
    expect(ScriptedEventSource.opened).toHaveLength(1);
  });

  it('is closed when nobody listens any more', async () => {
    const leave = stream.listen('alarms', vi.fn());
    await turn();
    leave();
    await turn();
    expect(ScriptedEventSource.last.readyState).toBe(ScriptedEventSource.last.CLOSED);
  });

  it('ignores lines that are no event', async () => {
    const alarms = vi.fn();
    stream.listen('alarms', alarms);
    await turn();
    for (const line of ['not json', '7', '{}', '{"topic":"alarms"}']) ScriptedEventSource.last.say(line);
    expect(alarms).not.toHaveBeenCalled();
  });
});

describe('a stream that breaks', () => {
  it('makes every page re-read when it is back, but not when it opens for the first time', async () => {
    const alarms = vi.fn();
    stream.listen('alarms', alarms);
    await turn();
    ScriptedEventSource.last.accept();
    expect(alarms).not.toHaveBeenCalled();
    ScriptedEventSource.last.lose();
    expect(stream.lost()).toBe(true);
    ScriptedEventSource.last.accept();
    expect(alarms).toHaveBeenCalledExactlyOnceWith(null);
    expect(stream.lost()).toBe(false);
  });

  it('is tried again after a refusal, each time later', async () => {
    stream.listen('alarms', vi.fn());
    await turn();
    ScriptedEventSource.last.refuse();
    vi.advanceTimersByTime(999);
    expect(ScriptedEventSource.opened).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(ScriptedEventSource.opened).toHaveLength(2);
    ScriptedEventSource.last.refuse();
    vi.advanceTimersByTime(1_999);
    expect(ScriptedEventSource.opened).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(ScriptedEventSource.opened).toHaveLength(3);
  });

  it('is not tried again when nobody listens any more', async () => {
    const leave = stream.listen('alarms', vi.fn());
    await turn();
    ScriptedEventSource.last.refuse();
    leave();
    await turn();
    vi.advanceTimersByTime(60_000);
    expect(ScriptedEventSource.opened).toHaveLength(1);
    expect(stream.lost()).toBe(false);
  });
});
