import { HttpTestingController } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Device } from '../../core/api/models';
import { ScriptedEventSource } from '../../core/events/event-source.testing';
import { SessionStore } from '../../core/session/session-store';
import { sessionOf } from '../../core/session/session.testing';
import { answer, open, providePage, text } from '../page.testing';
import { DeviceDetail } from './device-detail';
import { DeviceStore } from './device-store';

const DEVICE: Device = {
  id: 'd1',
  name: 'Thermostat',
  type: 'thermostat',
  label: '',
  customer: null,
  managed: false,
  createdAt: 1,
  lastActivityAt: null,
};
const LATEST = '/api/devices/d1/telemetry/latest';
const ATTRIBUTES = '/api/devices/d1/attributes';

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [...providePage(), DeviceStore] });
  TestBed.inject(SessionStore).keep(sessionOf('tenant-operator'));
});

async function openDevice() {
  const fixture = open(DeviceDetail, { id: 'd1' });
  await answer('/api/devices/d1', DEVICE);
  await answer(LATEST, { values: [{ key: 'temperature', ts: 1, value: 21 }] });
  await answer(ATTRIBUTES, { values: [] });
  await vi.waitFor(() => expect(text(fixture)).toMatch(/Thermostat.*temperature\s*21/));
  return fixture;
}

describe('one device', () => {
  it('is read by its id, with what it last said', async () => {
    await openDevice();
  });

  it.each([null, 'd1'])('is read again when a device said something (%s)', async (id) => {
    const fixture = await openDevice();
    ScriptedEventSource.last.say({ topic: 'devices', kind: 'changed', id });
    await answer('/api/devices/d1', DEVICE);
    await answer(LATEST, { values: [{ key: 'temperature', ts: 2, value: 90 }] });
    await answer(ATTRIBUTES, { values: [{ scope: 'CLIENT_SCOPE', key: 'firmware', ts: 2, value: '2.1' }] });
    await vi.waitFor(() => expect(text(fixture)).toMatch(/temperature\s*90.*firmware.*2\.1/));
  });

  it('stays as it is when another device was changed', async () => {
    await openDevice();
    ScriptedEventSource.last.say({ topic: 'devices', kind: 'changed', id: 'd2' });
    await Promise.resolve();
    TestBed.tick();
    TestBed.inject(HttpTestingController).expectNone(LATEST);
  });
});
