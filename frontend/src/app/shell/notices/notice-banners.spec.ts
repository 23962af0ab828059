import { TestBed } from '@angular/core/testing';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ActiveNotice } from '../../core/api/models';
import { ScriptedEventSource } from '../../core/events/event-source.testing';
import { SessionStore } from '../../core/session/session-store';
import { sessionOf } from '../../core/session/session.testing';
import { answer, element, open, providePage, text } from '../../features/page.testing';
import { NoticeBanners } from './notice-banners';

const SANDBOX: ActiveNotice = {
  ...{ id: 'n1', code: 'sandbox-default', severity: 'info', message: '', page: '/mail-servers' },
  params: { serverName: 'DEFAULT', serverId: 's1' },
};

beforeEach(() => TestBed.configureTestingModule({ providers: providePage() }));

it('says what is wrong and where to put it right, and goes when that is done', async () => {
  TestBed.inject(SessionStore).keep(sessionOf('tenant-administrator'));
  const fixture = open(NoticeBanners);
  await answer('/api/notices', { items: [SANDBOX] });
  await expect.poll(() => text(fixture)).toContain('The default server DEFAULT is the sandbox');
  expect(element(fixture).querySelector('a')?.getAttribute('href')).toBe('/mail-servers');
  await vi.waitFor(() => ScriptedEventSource.last.say({ topic: 'notices', kind: 'changed', id: null }));
  await answer('/api/notices', { items: [] });
  await expect.poll(() => text(fixture).trim()).toBe('');
});

it('calls a limit by its name', async () => {
  TestBed.inject(SessionStore).keep(sessionOf('tenant-administrator'));
  const fixture = open(NoticeBanners);
  const params = { what: 'system-mails', used: 10, limit: 10, tenantName: 'Plant' };
  await answer('/api/notices', { items: [{ ...SANDBOX, code: 'quota-reached', params }] });
  await expect.poll(() => text(fixture)).toContain("reached (mails today over the system's mail server, 10 used)");
});

it('hides what the person has seen', async () => {
  TestBed.inject(SessionStore).keep(sessionOf('tenant-administrator'));
  const fixture = open(NoticeBanners);
  await answer('/api/notices', { items: [SANDBOX] });
  await expect.poll(() => element(fixture).querySelector('button')).not.toBeNull();
  element(fixture).querySelector('button')?.click();
  await expect.poll(() => text(fixture).trim()).toBe('');
});

it('asks nothing for who could not put it right', async () => {
  TestBed.inject(SessionStore).keep(sessionOf('tenant-operator'));
  const fixture = open(NoticeBanners);
  await fixture.whenStable();
  expect(ScriptedEventSource.opened).toEqual([]);
});
