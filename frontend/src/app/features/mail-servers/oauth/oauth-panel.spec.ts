import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OAuthGrant } from '../../../core/api/models';
import { ScriptedEventSource } from '../../../core/events/event-source.testing';
import { answer, call, element, open, providePage, text } from '../../page.testing';
import { MICROSOFT } from '../providers/templates.testing';
import { ConsentWindow } from './consent-window';
import { OAuthPanel } from './oauth-panel';
import { timelineOf } from './timeline';

const URL_OF_GRANT = '/api/mail/servers/s1/oauth';
const HOUR = 3_600_000;

const grant = (more: Partial<OAuthGrant> = {}): OAuthGrant => ({
  ...{ state: 'none', flow: 'authorizationCode', applicationId: 'a1', mailbox: 'box@example.org' },
  ...{
    sharedMailbox: null,
    account: null,
    scopes: [],
    obtainedAt: null,
    accessExpiresAt: null,
    refreshExpiresAt: null,
  },
  ...{
    expiryNote: null,
    lastRefreshAt: null,
    nextRefreshAt: null,
    lastError: null,
    failures: 0,
    revision: 1,
    device: null,
  },
  redirect: { redirectUri: 'https://s.example/api/mail/oauth/callback', accepted: true, advice: null },
  ...more,
});

let addresses: (string | null)[];
beforeEach(() => {
  addresses = [];
  const consent = {
    open: () => (url: string | null) => addresses.push(url),
    here: (url: string) => addresses.push(url),
  };
  TestBed.configureTestingModule({ providers: [...providePage(), { provide: ConsentWindow, useValue: consent }] });
});

async function show(given: OAuthGrant, inputs: object = {}) {
  const fixture = open(OAuthPanel, { serverId: 's1', provider: MICROSOFT, ...inputs });
  await answer(URL_OF_GRANT, given);
  await expect.poll(() => text(fixture)).not.toContain('Loading');
  const button = (name: RegExp) =>
    [...element(fixture).querySelectorAll('button')].find((one) => name.test(one.textContent.trim()));
  return { fixture, button };
}

describe('a mailbox that nobody has signed in', () => {
  it('says before the sign-in that the provider takes the redirect address', async () => {
    const { fixture, button } = await show(grant());
    expect(text(fixture)).toContain('Microsoft accepts this address');
    expect(text(fixture)).toContain('https://s.example/api/mail/oauth/callback');
    button(/^Sign in with Microsoft$/)?.click();
    const request = await call(URL_OF_GRANT + '/authorize');
    expect(request.request.body).toEqual({ redirect: 'callback' });
    request.flush({ url: 'https://login.example/auth', redirectUri: '', expiresAt: 0 });
    await expect.poll(() => addresses).toEqual(['https://login.example/auth']);
  });

  it('or that it does not, and takes the address back by hand', async () => {
    const redirect = { redirectUri: 'http://10.0.0.5/cb', accepted: false, advice: 'https only.' };
    const { fixture, button } = await show(grant({ redirect }));
    expect(text(fixture)).toContain('https only.');
    button(/paste the address back/)?.click();
    (await call(URL_OF_GRANT + '/authorize')).flush({
      url: 'https://login.example/auth',
      redirectUri: '',
      expiresAt: 0,
    });
    await answer(URL_OF_GRANT, grant({ redirect, state: 'waiting-for-consent' }));
    await expect.poll(() => text(fixture)).toContain('Copy that whole address');
    const box = element(fixture).querySelector('input')!;
    box.value = 'http://localhost/nothing';
    button(/Finish/)?.click();
    await expect.poll(() => text(fixture)).toContain('This is not the whole address');
    box.value = ' http://localhost/?code=c&state=s ';
    button(/Finish/)?.click();
    const request = await call(URL_OF_GRANT + '/complete');
    expect(request.request.body).toEqual({ address: 'http://localhost/?code=c&state=s' });
  });

  it('cannot be signed in with settings that are not saved', async () => {
    const { fixture, button } = await show(grant(), { dirty: true });
    expect(text(fixture)).toContain('Save your changes first');
    expect(button(/^Sign in with Microsoft$/)?.disabled).toBe(true);
  });

  it('shows a device code with the time that is left', async () => {
    const device = {
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://microsoft.com/devicelogin',
      expiresAt: Date.now() + 90_000,
    };
    const { fixture } = await show(grant({ flow: 'deviceCode', device }));
    expect(text(fixture)).toMatch(/ABCD-EFGH.*Valid for 1:(30|29)/);
  });
});

describe('a consent', () => {
  it('is followed live, with no reload', async () => {
    const { fixture } = await show(grant({ state: 'waiting-for-consent' }));
    await vi.waitFor(() => ScriptedEventSource.last.say({ topic: 'mail-servers', kind: 'oauth', id: 's1' }));
    await answer(
      URL_OF_GRANT,
      grant({ state: 'valid', account: 'box@example.org', obtainedAt: 1, nextRefreshAt: Date.now() + HOUR }),
    );
    await expect.poll(() => text(fixture)).toMatch(/Signed in.*Sends as box@example.org.*Consent given/);
  });

  it('that is no good any more says why and what to do', async () => {
    const lastError = {
      code: 'x',
      message: 'The password was changed.',
      advice: 'Sign in again.',
      retryable: false,
      at: 1,
    };
    const { fixture, button } = await show(grant({ state: 'needs-consent', lastError }));
    expect(text(fixture)).toMatch(/The password was changed.*Sign in again./);
    expect(button(/^Sign in with Microsoft$/)).toBeDefined();
  });

  it('of an application needs nobody to sign in', async () => {
    const { button } = await show(grant({ flow: 'clientCredentials' }));
    expect(button(/Sign in/)).toBeUndefined();
    button(/Get a token now/)?.click();
    expect((await call(URL_OF_GRANT + '/refresh')).request.method).toBe('POST');
  });
});

it('has a life in the order of time', () => {
  const now = 10 * HOUR;
  const given = grant({
    obtainedAt: HOUR,
    lastRefreshAt: 9 * HOUR,
    nextRefreshAt: 11 * HOUR,
    accessExpiresAt: 12 * HOUR,
  });
  expect(timelineOf(given, now).map(({ kind, ahead }) => [kind, ahead])).toEqual([
    ['obtained', false],
    ['refreshed', false],
    ['next', true],
    ['access-ends', true],
  ]);
});
