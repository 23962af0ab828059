import { readFileSync } from 'node:fs';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { until } from '../stack/until.js';
import { openBrowser } from './browser.js';
import { accessibilityProblems, NARROW, openPage, overflow, signIn, WIDE } from './page.js';

const ADMIN = ['tenant@example.org', 'change-me-too'] as const;

let browser: Browser;
let product: Product;
beforeAll(async () => {
  [browser, product] = await Promise.all([openBrowser(), Product.start({ env: { DEMO: 'true' } })]);
  const admin = await product.signIn(...ADMIN);
  await admin.post('/api/devices', { name: 'Pump 3', label: 'north' });
  await admin.post('/api/mail/servers', {
    name: 'Backup',
    settings: {
      ...{ provider: 'custom', from: 'a@example.org', host: 'smtp.example.org', port: 587, tls: 'starttls' },
      auth: { kind: 'basic', username: 'u', password: { change: 'set', value: 'nobody sees this' } },
    },
  });
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const entry = (page: Page, text: string) => page.locator('li', { hasText: text });

it.each([
  ['wide', WIDE],
  ['narrow', NARROW],
] as const)('tells what was done, by whom and what changed, without secrets (%s)', async (_name, viewport) => {
  const { page, complaints } = await openPage(browser, product.url, { viewport });
  await signIn(page, ...ADMIN);
  await page.goto('/audit');
  await entry(page, 'Mail server: created Backup').getByRole('button').click();
  const details = entry(page, 'Mail server: created Backup');
  await details.getByRole('cell', { name: 'smtp.example.org' }).waitFor();
  await details.getByRole('cell', { name: 'was set (secrets are not shown)' }).waitFor();
  expect(await details.textContent()).toContain('tenant@example.org');
  expect(await page.content()).not.toContain('nobody sees this');
  expect([await accessibilityProblems(page), await overflow(page), complaints]).toEqual([[], 0, []]);
  await page.context().close();
});

it('filters in the address, and gives what is shown as a file', async () => {
  const { page } = await openPage(browser, product.url, { viewport: WIDE });
  await signIn(page, ...ADMIN);
  await page.goto('/audit');
  await page.getByLabel('What it is about').selectOption({ label: 'Device' });
  await page.getByPlaceholder('Search names, people, addresses').fill('pump');
  await page.waitForURL(/\/audit\?about=device&text=pump$/);
  await entry(page, 'Device: created Pump 3').waitFor();
  const entries = page.getByRole('list', { name: 'Audit log' }).getByRole('listitem');
  await until('the one entry that fits', async () => (await entries.count()) === 1);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'CSV' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"device.created"');
  await page.context().close();
});
