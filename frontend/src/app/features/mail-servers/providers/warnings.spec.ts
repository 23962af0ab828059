import { expect, it } from 'vitest';
import { filledGuide } from './guide-text';
import { MICROSOFT } from './templates.testing';
import { warningsFor } from './warnings';

const NOW = Date.parse('2026-11-21');

it('warns about the way that is used, with the day from which it is so', () => {
  const [warning, ...others] = warningsFor(MICROSOFT, { auth: { kind: 'basic' } }, NOW);
  expect(warning).toEqual({ text: 'Passwords end.', from: Date.parse('2026-12-31'), ahead: true });
  expect(others).toEqual([]);
  expect(warningsFor(MICROSOFT, { auth: { kind: 'oauth2' } }, NOW)).toEqual([
    { text: 'Secrets end.', from: null, ahead: false },
  ]);
});

it('fills the guide with what is known', () => {
  expect(filledGuide(MICROSOFT.guide, { mailbox: 'box@example.org' })).toBe(
    'Sign in as box@example.org at {{redirectUri}}.',
  );
});
