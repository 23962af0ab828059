import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sessionOf } from '../../core/session/session.testing';
import { answer, call, element, open, providePage, text } from '../page.testing';
import { SignInPage } from './sign-in-page';

const ACCOUNT = { email: 'ada@example.org', password: 'only-in-a-demo', role: 'tenant-operator' };

beforeEach(() => {
  TestBed.configureTestingModule({ providers: providePage() });
});

async function openDemo() {
  const fixture = open(SignInPage, { returnUrl: '/alarms' });
  await answer('/api/setup', { needed: false, demo: { accounts: [ACCOUNT], tryIt: null } });
  await vi.waitFor(() => expect(text(fixture)).toContain(ACCOUNT.email));
  return fixture;
}

describe('an account of the demo', () => {
  it('signs in with one click and leads to where the person wanted to go', async () => {
    const go = vi.spyOn(TestBed.inject(Router), 'navigateByUrl').mockResolvedValue(true);
    const fixture = await openDemo();
    element(fixture).querySelector<HTMLElement>('.account')?.click();
    const signIn = await call('/api/auth/sign-in');
    expect(signIn.request.body).toEqual({ email: ACCOUNT.email, password: ACCOUNT.password });
    signIn.flush(sessionOf('tenant-operator'));
    await vi.waitFor(() => expect(go).toHaveBeenCalledExactlyOnceWith('/alarms'));
  });

  it('says why when its password is another by now, and can be tried again', async () => {
    const fixture = await openDemo();
    const account = element(fixture).querySelector<HTMLButtonElement>('.account');
    account?.click();
    const signIn = await call('/api/auth/sign-in');
    await vi.waitFor(() => expect(account?.disabled).toBe(true));
    const problem = { code: 'wrong-credentials', title: 'Email or password is wrong.', advice: '', retryable: false };
    signIn.flush(problem, { status: 401, statusText: 'Unauthorized' });
    await vi.waitFor(() => expect(text(fixture)).toContain(problem.title));
    await vi.waitFor(() => expect(account?.disabled).toBe(false));
  });
});

describe('a sign-in that an identity provider did not finish', () => {
  async function openRefused(refused: string) {
    const fixture = open(SignInPage, { refused });
    await answer('/api/setup', { needed: false, demo: null });
    await fixture.whenStable();
    return text(fixture);
  }

  it('is told why', async () => {
    expect(await openRefused('domain')).toContain('People of your address’s domain cannot sign in this way.');
  });

  it.each(['another', 'refused', ''])('says nothing of a reason that there is none of: "%s"', async (refused) => {
    expect(await openRefused(refused)).not.toContain('signIn.refused');
  });
});
