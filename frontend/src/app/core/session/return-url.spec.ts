import { expect, it } from 'vitest';
import { safeReturnUrl } from './return-url';

it.each(['/alarms', '/alarms/7?status=all#x', '/'])('goes back to %s', (url) => {
  expect(safeReturnUrl(url)).toBe(url);
});

it.each([
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  'evil.example',
  '/\t/evil.example',
  '/sign-in?returnUrl=/sign-in',
  '',
  null,
  undefined,
])('goes home instead of to %j', (url) => {
  expect(safeReturnUrl(url)).toBe('/');
});
