import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provideTranslations } from '../i18n/translations.testing';
import { asProblem } from '../http/api-problem';
import { problems, signedOut } from '../http/interceptors';
import { mayOpen, notSignedIn, roleIn, signedIn } from './session.guards';
import { SessionStore } from './session-store';
import { sessionOf } from './session.testing';

@Component({ template: 'page' })
class Somewhere {}

const ROUTES = [
  { path: 'sign-in', component: Somewhere, canActivate: [notSignedIn] },
  {
    path: '',
    canActivate: [signedIn],
    children: [
      { path: 'tenants', component: Somewhere, canMatch: [mayOpen(roleIn(['system-administrator']))] },
      { path: 'alarms', component: Somewhere },
      { path: 'missing', component: Somewhere },
      { path: '', pathMatch: 'full' as const, component: Somewhere },
      { path: '**', redirectTo: 'missing' },
    ],
  },
];

const UNAUTHENTICATED = { code: 'unauthenticated', title: 'Nobody is signed in.', advice: '', retryable: false };

let server: HttpTestingController;

beforeEach(() => {
  TestBed.configureTestingModule({
    providers: [
      provideRouter(ROUTES),
      provideHttpClient(withInterceptors([problems, signedOut])),
      provideHttpClientTesting(),
      provideTranslations(),
    ],
  });
  server = TestBed.inject(HttpTestingController);
});

async function whoAnswers(who: object | null): Promise<void> {
  const request = await vi.waitFor(() => server.expectOne('/api/session'));
  if (who) request.flush(who);
  else request.flush(UNAUTHENTICATED, { status: 401, statusText: 'Unauthorized' });
}

/** Opens the address; the guards' question to the server is answered in between. */
async function open(url: string, who: object | null): Promise<string> {
  const harness = await RouterTestingHarness.create();
  const arrived = harness.navigateByUrl(url);
  await whoAnswers(who);
  await arrived;
  return TestBed.inject(Router).url;
}

describe('a page behind sign-in', () => {
  it('sends a stranger to sign in and remembers where to', async () => {
    expect(await open('/alarms?status=all', null)).toBe('/sign-in?returnUrl=%2Falarms%3Fstatus%3Dall');
  });

  it('opens for who is signed in, and asks the server only once', async () => {
    expect(await open('/alarms', sessionOf('tenant-operator'))).toBe('/alarms');
    await TestBed.inject(Router).navigateByUrl('/');
    server.expectNone('/api/session');
  });

  it('does not exist for a role that may not see it', async () => {
    expect(await open('/tenants', sessionOf('tenant-administrator'))).toBe('/missing');
  });

  it('opens for a role that may', async () => {
    expect(await open('/tenants', sessionOf('system-administrator'))).toBe('/tenants');
  });
});

describe('the sign-in page', () => {
  it('sends who is signed in already to where they wanted to go', async () => {
    expect(await open('/sign-in?returnUrl=%2Falarms', sessionOf('customer-user'))).toBe('/alarms');
  });

  it('never sends anybody to another site', async () => {
    expect(await open('/sign-in?returnUrl=%2F%2Fevil.example', sessionOf('customer-user'))).toBe('/');
  });
});

describe('a session that ended elsewhere', () => {
  it('leads to sign-in and back', async () => {
    await open('/alarms', sessionOf('tenant-operator'));
    const session = TestBed.inject(SessionStore);
    const out = session.signOut().catch(() => 'refused');
    server
      .expectOne('/api/auth/sign-out')
      .flush(JSON.stringify(UNAUTHENTICATED), { status: 401, statusText: 'Unauthorized' });
    expect(await out).toBe('refused');
    await vi.waitFor(() => expect(TestBed.inject(Router).url).toBe('/sign-in?returnUrl=%2Falarms'));
    expect(session.current()).toBeNull();
  });
});

describe('a server that does not answer', () => {
  it('is told apart from not being signed in, and asked again', async () => {
    const harness = await RouterTestingHarness.create();
    const session = TestBed.inject(SessionStore);
    const arrived = harness.navigateByUrl('/alarms').catch((error: unknown) => asProblem(error).facts.code);
    const request = await vi.waitFor(() => server.expectOne('/api/session'));
    request.error(new ProgressEvent('error'));
    expect(await arrived).toBe('unreachable');
    const second = session.read();
    await whoAnswers(sessionOf('tenant-operator'));
    expect((await second)?.user.name).toBe('Ada');
  });
});
