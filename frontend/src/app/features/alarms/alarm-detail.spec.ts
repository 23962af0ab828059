import { HttpTestingController } from '@angular/common/http/testing';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alarm, Role } from '../../core/api/models';
import { ScriptedEventSource } from '../../core/events/event-source.testing';
import { SessionStore } from '../../core/session/session-store';
import { sessionOf } from '../../core/session/session.testing';
import { answer, call, element, open, providePage, text } from '../page.testing';
import { AlarmDetail } from './alarm-detail';
import { AlarmStore } from './alarm-store';

const ALARM: Alarm = {
  id: 'a1',
  type: 'High temperature',
  severity: 'MAJOR',
  status: 'ACTIVE_UNACK',
  acknowledged: false,
  cleared: false,
  originator: { type: 'DEVICE', id: 'd1', name: 'Thermostat' },
  startTs: 1,
  endTs: 2,
  ackTs: 0,
  clearTs: 0,
  details: {},
  createdAt: 1,
  muted: null,
  comments: 0,
};
const MAILS = '/api/mail/deliveries?alarmId=a1';

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [...providePage(), AlarmStore] });
});

/** The button with this word, which may stand in an overlay. */
function button(within: ComponentFixture<unknown> | Document, word: string): HTMLButtonElement {
  const root = within instanceof Document ? within : element(within);
  const found = [...root.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === word);
  if (!found) throw new Error(`There is no button "${word}".`);
  return found;
}

async function openAs(role: Role) {
  TestBed.inject(SessionStore).keep(sessionOf(role));
  const fixture = open(AlarmDetail, { id: 'a1' });
  await answer('/api/alarms/a1', ALARM);
  return fixture;
}

describe('one alarm', () => {
  it('is read by its id, with the mails about it', async () => {
    const fixture = await openAs('tenant-operator');
    const mail = { id: 'm1', state: 'accepted', subject: 'Too hot', recipients: ['ops@example.org'], createdAt: 1 };
    await answer(MAILS, { items: [mail], nextCursor: null });
    await vi.waitFor(() => expect(text(fixture)).toMatch(/High temperature.*Thermostat.*Too hot.*ops@example.org/));
  });

  it('leaves the mails out for who may not read them', async () => {
    const fixture = await openAs('customer-user');
    await vi.waitFor(() => expect(text(fixture)).toContain('High temperature'));
    TestBed.inject(HttpTestingController).expectNone(MAILS);
  });

  it('follows what becomes of it', async () => {
    const fixture = await openAs('customer-user');
    await vi.waitFor(() => expect(text(fixture)).toContain('Active, new'));
    ScriptedEventSource.last.say({ topic: 'alarms', kind: 'changed', id: null });
    await answer('/api/alarms/a1', { ...ALARM, acknowledged: true });
    await vi.waitFor(() => expect(text(fixture)).toContain('Active, seen'));
  });

  it('says until when it is muted, by whom and why, and unmutes it', async () => {
    const fixture = open(AlarmDetail, { id: 'a1' });
    TestBed.inject(SessionStore).keep(sessionOf('tenant-operator'));
    const muted = { until: Date.now() + 3_600_000, by: 'Ann', at: 1, reason: 'Fitters are there' };
    await answer('/api/alarms/a1', { ...ALARM, muted });
    await vi.waitFor(() => expect(text(fixture)).toMatch(/Muted until .* by Ann Fitters are there.*Unmute/));
    button(fixture, 'Unmute').click();
    await answer('/api/alarms/a1/unmute', ALARM);
    await answer('/api/alarms/a1', ALARM);
    await vi.waitFor(() => expect(text(fixture)).not.toContain('Fitters are there'));
  });

  it('mutes for some hours with two clicks', async () => {
    const fixture = await openAs('tenant-operator');
    await vi.waitFor(() => button(fixture, 'Mute').click());
    const hours = await vi.waitFor(() => button(document, 'For 4 hours'));
    const now = Date.now();
    hours.click();
    const asked = await call('/api/alarms/a1/mute');
    const { until } = asked.request.body as { until: number }; // what the menu sends
    expect(Math.abs(until - now - 4 * 3_600_000)).toBeLessThan(5_000);
    asked.flush({ ...ALARM, muted: { until, by: 'Ann', at: now, reason: null } });
  });

  it('shows a customer user that it is muted, and offers nothing', async () => {
    TestBed.inject(SessionStore).keep(sessionOf('customer-user'));
    const fixture = open(AlarmDetail, { id: 'a1' });
    await answer('/api/alarms/a1', { ...ALARM, muted: { until: null, by: 'Ann', at: 1, reason: null } });
    await vi.waitFor(() => expect(text(fixture)).toContain('Muted until it clears, by Ann'));
    expect(text(fixture)).not.toMatch(/Unmute|Mute /);
  });

  it("is gone in the server's own words", async () => {
    const fixture = open(AlarmDetail, { id: 'a1' });
    const problem = { code: 'not-found', title: 'There is nothing at this address.', advice: '', retryable: false };
    (await call('/api/alarms/a1')).flush(problem, { status: 404, statusText: 'Not Found' });
    await vi.waitFor(() => expect(text(fixture)).toContain(problem.title));
  });
});
