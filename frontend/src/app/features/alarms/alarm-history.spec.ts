import { HttpTestingController, type TestRequest } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { AlarmComment, Role } from '../../core/api/models';
import { ScriptedEventSource } from '../../core/events/event-source.testing';
import { SessionStore } from '../../core/session/session-store';
import { sessionOf } from '../../core/session/session.testing';
import { answer, element, open, providePage, text } from '../page.testing';
import { AlarmHistory } from './alarm-history';

const COMMENTS = '/api/alarms/a1/comments';
const NEWEST = COMMENTS + '?limit=30';
const ENTRY: AlarmComment = {
  ...{ id: 'c1', at: 1, kind: 'comment', author: 'Ann', own: true, text: 'Valve 3 sticks' },
  ...{ editedAt: null, until: null, severity: null },
};
const told = (kind: AlarmComment['kind'], more: Partial<AlarmComment> = {}): AlarmComment => ({
  ...{ ...ENTRY, id: kind, kind, own: false, text: null },
  ...more,
});

beforeEach(() => {
  TestBed.configureTestingModule({ providers: providePage() });
});

async function openAs(role: Role, items: readonly AlarmComment[], nextCursor: string | null = null) {
  TestBed.inject(SessionStore).keep(sessionOf(role));
  const fixture = open(AlarmHistory, { alarmId: 'a1' });
  await answer(NEWEST, { items, nextCursor });
  return fixture;
}

const labels = (fixture: ComponentFixture<unknown>) =>
  [...element(fixture).querySelectorAll('li button')].map((button) => button.getAttribute('aria-label'));

function type(fixture: ComponentFixture<unknown>, words: string): void {
  const box = [...element(fixture).querySelectorAll('textarea')].at(-1);
  if (!box) throw new Error('There is nothing to write in.');
  box.value = words;
  box.dispatchEvent(new Event('input'));
}

/** Presses the button until the page asks: while one comment is on its way, no other is sent. */
function send(fixture: ComponentFixture<unknown>): Promise<TestRequest> {
  return vi.waitFor(() => {
    element(fixture).querySelector<HTMLButtonElement>('button[type=submit]')?.click();
    return TestBed.inject(HttpTestingController).expectOne(COMMENTS);
  });
}

describe('the history of an alarm', () => {
  it('tells in words what happened, the newest last', async () => {
    const fixture = await openAs('customer-user', [
      told('cleared'),
      told('unmuted', { author: 'Bob' }),
      told('muted', { text: 'Fitters are there' }),
      told('severity-changed', { author: null, severity: { from: 'MAJOR', to: 'CRITICAL' } }),
      told('raised', { author: null }),
    ]);
    await vi.waitFor(() =>
      expect(text(fixture)).toMatch(
        /Raised.*Severity changed from Major to Critical.*Ann muted it until it clears.*Fitters are there.*Bob unmuted it.*Ann cleared it/,
      ),
    );
  });

  it('shows what people wrote as text, lines and all, and never as markup', async () => {
    const words = 'one\n<img src=x onerror=alert(1)>';
    const fixture = await openAs('customer-user', [{ ...ENTRY, text: words, editedAt: 2 }]);
    await vi.waitFor(() => expect(text(fixture)).toContain('edited'));
    const shown = element(fixture).querySelector<HTMLElement>('.text');
    expect(shown?.textContent).toBe(words);
    expect(shown && getComputedStyle(shown).whiteSpace).toContain('pre-wrap');
    expect(element(fixture).querySelector('img')).toBeNull();
  });

  it.each([
    ['tenant-operator', true, ['Edit comment', 'Delete comment']],
    ['tenant-operator', false, []],
    ['tenant-administrator', false, ['Delete comment']],
  ] as const)('lets a %s do with a comment (own: %s) no more than the server would', async (role, own, deeds) => {
    const fixture = await openAs(role, [{ ...ENTRY, own }, told('acknowledged')]);
    await vi.waitFor(() => expect(text(fixture)).toContain('Valve 3 sticks'));
    expect(labels(fixture)).toEqual(deeds);
  });

  it('adds a comment, and keeps the words while they are not taken', async () => {
    const fixture = await openAs('tenant-operator', []);
    type(fixture, ' On my way ');
    (await send(fixture)).flush(null, { status: 503, statusText: 'Unavailable' });
    const asked = await send(fixture);
    expect(asked.request.body).toEqual({ text: 'On my way' });
    asked.flush({ ...ENTRY, text: 'On my way' });
    await answer(NEWEST, { items: [{ ...ENTRY, text: 'On my way' }], nextCursor: null });
    await vi.waitFor(() => expect(text(fixture)).toContain('On my way'));
    expect(element(fixture).querySelector('textarea')?.value).toBe('');
  });

  it('follows what others write', async () => {
    const fixture = await openAs('customer-user', []);
    ScriptedEventSource.last.say({ topic: 'alarms', kind: 'commented', id: null });
    await answer(NEWEST, { items: [ENTRY], nextCursor: null });
    await vi.waitFor(() => expect(text(fixture)).toContain('Valve 3 sticks'));
  });

  it('shows earlier parts when asked', async () => {
    const fixture = await openAs('tenant-operator', [ENTRY], 'more');
    await vi.waitFor(() => expect(text(fixture)).toContain('Show earlier'));
    element(fixture).querySelector<HTMLButtonElement>('.more')!.click();
    await answer(`${COMMENTS}?cursor=more&limit=30`, { items: [told('raised', { author: null })], nextCursor: null });
    await vi.waitFor(() => expect(text(fixture)).toMatch(/Raised.*Valve 3 sticks/));
    TestBed.inject(HttpTestingController).verify();
  });
});
