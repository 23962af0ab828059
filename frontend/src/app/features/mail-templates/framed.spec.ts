import { expect, it } from 'vitest';
import { framed } from './framed';

const MAIL = `<html><head><style>@media (prefers-color-scheme: dark) { p { color: #fff } }</style></head><body><img alt="Acme" src="data:image/png;base64,AA" width="9"><p>x</p></body></html>`;

it('lets nothing run and nothing be fetched', () => {
  expect(framed(MAIL, 'light')).toContain(
    `<head><meta http-equiv="Content-Security-Policy" content="default-src 'none';`,
  );
});

it('shows dark mode when it is asked for, and only then', () => {
  expect(framed(MAIL, 'dark')).toContain('@media all { p');
  expect(framed(MAIL, 'light')).toContain('@media not all { p');
  expect(framed(MAIL, 'phone')).toContain('@media not all { p');
});

it('leaves pictures away and their words where they are', () => {
  expect(framed(MAIL, 'no-pictures')).toContain('<img alt="Acme" src="" width="9">');
  expect(framed(MAIL, 'light')).toContain('base64,AA');
});
