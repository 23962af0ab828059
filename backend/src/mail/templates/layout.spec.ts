import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import { DARK_CARD, LIGHT_CARD } from './brand.js';
import { LAYOUT } from './layout.generated.js';

const SCRIPT = '../../../make-mail-layout.mjs';

it('is made of layout.mjml ("node backend/make-mail-layout.mjs" makes it anew)', async () => {
  const { makeMailLayout } = (await import(SCRIPT)) as { makeMailLayout: () => Promise<string> }; // plain JavaScript of the build
  expect(readFileSync(new URL('layout.generated.ts', import.meta.url), 'utf8')).toBe(await makeMailLayout());
});

it('has the grounds that colours are held against', () => {
  expect(LAYOUT).toContain(`background-color: ${DARK_CARD} !important`);
  expect(LAYOUT).toContain(`background-color:${LIGHT_CARD}`);
});

it('knows dark mode and narrow screens, and loads nothing from anywhere', () => {
  expect(LAYOUT).toContain('@media (prefers-color-scheme: dark)');
  expect(LAYOUT).toContain('name="viewport"');
  expect(LAYOUT).not.toMatch(/https?:\/\/(?!www\.w3\.org)|@import|<link/);
});
