import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { openBrowser } from './browser.js';
import { accessibilityProblems, NARROW, openPage, overflow, screenshot, signIn, WIDE } from './page.js';

const ADMIN = ['tenant@example.org', 'change-me-too'] as const;

let browser: Browser;
let product: Product;
beforeAll(async () => {
  [browser, product] = await Promise.all([openBrowser(), Product.start({ env: { DEMO: 'true' } })]);
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});

it.each([
  ['wide', 'light', WIDE],
  ['narrow', 'dark', NARROW],
] as const)('shows what passes a node as it passes (%s, %s)', async (width, colorScheme, viewport) => {
  const { page, complaints } = await openPage(browser, product.url, { viewport, colorScheme });
  await signIn(page, ...ADMIN);
  await page.goto('/rule-chains');
  await page.getByRole('link', { name: 'Alarm to mail' }).click();
  await page.getByRole('button', { name: /^Has a temperature\? script/ }).click();
  await page.getByRole('button', { name: /Record all messages/ }).click();
  await page.getByText('All messages are recorded').waitFor();
  await product.telemetry('A1_TOKEN', { temperature: 21 });
  const event = page.getByRole('button', { name: /Thermostat A1/ }).first();
  await event.click();
  await page.getByRole('heading', { name: 'Out: True' }).waitFor();
  await screenshot(page, `rule-chain-${width}-${colorScheme}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: /Record all messages/ }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
