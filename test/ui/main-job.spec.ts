import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { openBrowser } from './browser.js';
import { NARROW, openPage, screenshot, signIn, WIDE } from './page.js';

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
  ['wide', WIDE, 90],
  ['narrow', NARROW, 95],
])('shows the alarm as it happens and its mail in the inbox, on a %s screen', async (name, viewport, temperature) => {
  const { page, complaints } = await openPage(browser, product.url, { viewport });
  await signIn(page, ...ADMIN);
  await page.goto('/alarms');
  const alarm = page.getByRole('row', { name: /High temperature/ });
  await page.getByText('No active alarms').waitFor();

  expect((await product.telemetry('A1_TOKEN', { temperature })).status).toBe(200);
  await alarm.waitFor(); // nobody reloads the page
  expect(await alarm.innerText()).toMatch(/Critical[\s\S]*Thermostat A1[\s\S]*Active, new/);
  await screenshot(page, `alarm-${name}`);

  await alarm.getByRole('button', { name: /^Acknowledge/ }).click();
  await alarm.getByText('Active, seen').waitFor();

  await page.goto('/inbox');
  const mail = page.getByRole('link', { name: new RegExp(`Too hot: Thermostat A1 reports ${temperature} °C`) });
  await mail.click();
  const frame = page.frameLocator('iframe');
  await frame.getByRole('heading', { name: 'Thermostat A1 is too hot' }).waitFor();
  expect(await frame.locator('body').innerText()).toContain('Main St 12');
  expect(await page.locator('iframe').getAttribute('sandbox')).not.toContain('allow-scripts');
  await screenshot(page, `mail-${name}`);

  await page.goto('/alarms');
  expect((await product.telemetry('A1_TOKEN', { temperature: 20 })).status).toBe(200);
  await page.getByText('No active alarms').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('lets an operator acknowledge and change nothing else', async () => {
  const { page, complaints } = await openPage(browser, product.url);
  await signIn(page, 'operator@example.org', 'change-me-three');
  await page.goto('/devices');
  await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor();
  expect(await page.getByRole('button', { name: 'Add device' }).count()).toBe(0);
  await page.goto('/users');
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  expect(await page.getByRole('button', { name: 'Invite user' }).count()).toBe(0);
  await page.goto('/mail-servers');
  await page.getByText('There is nothing here').waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();
});
