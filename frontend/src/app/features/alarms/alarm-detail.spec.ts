import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Alarm, Role } from '../../core/api/models';
import { ScriptedEventSource } from '../../core/events/event-source.testing';
import { SessionStore } from '../../core/session/session-store';
import { sessionOf } from '../../core/session/session.testing';
import { answer, call, open, providePage, text } from '../page.testing';
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
};
const MAILS = '/api/mail/deliveries?alarmId=a1';

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [...providePage(), AlarmStore] });
});

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

  it("is gone in the server's own words", async () => {
    const fixture = open(AlarmDetail, { id: 'a1' });
    const problem = { code: 'not-found', title: 'There is nothing at this address.', advice: '', retryable: false };
    (await call('/api/alarms/a1')).flush(problem, { status: 404, statusText: 'Not Found' });
    await vi.waitFor(() => expect(text(fixture)).toContain(problem.title));
  });
});
