import { TestBed } from '@angular/core/testing';
import { beforeEach, expect, it } from 'vitest';
import { SessionStore } from '../../core/session/session-store';
import { sessionOf } from '../../core/session/session.testing';
import { open, providePage, text } from '../page.testing';
import { NextSteps } from './next-steps';

const DEMO = { accounts: [], tryIt: 'curl of the demo' };

beforeEach(() => {
  TestBed.configureTestingModule({ providers: providePage() });
});

it.each([
  ['shows', 'tenant-administrator', DEMO, true],
  ['keeps from an operator', 'tenant-operator', DEMO, false],
  ['has nothing to show without', 'tenant-administrator', { ...DEMO, tryIt: null }, false],
  ['has nothing to show outside', 'tenant-administrator', null, false],
] as const)('%s the line of the demo (%s)', (_what, role, demo, shown) => {
  TestBed.inject(SessionStore).keep(sessionOf(role, { demo: demo && { ...demo, accounts: [] } }));
  const fixture = open(NextSteps);
  fixture.detectChanges();
  expect(text(fixture).includes(DEMO.tryIt)).toBe(shown);
});
