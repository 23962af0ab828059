import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { openBrowser } from './browser.js';
import {
  accessibilityProblems,
  NARROW,
  openPage,
  overflow,
  screenshot,
  signIn,
  WIDE,
  type WatchedPage,
} from './page.js';

const ADMIN = ['tenant@example.org', 'change-me-too'] as const;
const OPERATOR = ['operator@example.org', 'change-me-three'] as const;
const CUSTOMER = ['customer@example.org', 'change-me-four'] as const;

let browser: Browser;
let product: Product;
beforeAll(async () => {
  [browser, product] = await Promise.all([openBrowser(), Product.start({ env: { DEMO: 'true' } })]);
  await report(90);
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const report = async (temperature: number) => {
  expect((await product.telemetry('A1_TOKEN', { temperature })).status).toBe(200);
};

async function opened(who: readonly [string, string], options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const watched = await openPage(browser, product.url, options);
  await signIn(watched.page, ...who);
  return watched;
}

async function openAlarm(page: Page): Promise<void> {
  await page.goto('/alarms');
  await page.getByRole('link', { name: 'High temperature' }).first().click();
  await page.getByRole('heading', { name: 'History' }).waitFor();
}

const flaws = async (page: Page) => [...(await accessibilityProblems(page)), await overflow(page)];

/** Everything by keys alone. */
async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
}

it.each([
  ['wide-light', { viewport: WIDE, colorScheme: 'light' }],
  ['narrow-dark', { viewport: NARROW, colorScheme: 'dark' }],
] as const)(
  'mutes an alarm with a reason and lets it speak again, on a %s screen and by keyboard',
  async (look, options) => {
    const { page, complaints } = await opened(OPERATOR, options);
    await openAlarm(page);
    await press(page, 'Mute');
    await page.getByRole('menuitem', { name: 'For 4 hours' }).waitFor();
    await screenshot(page, `mute-menu-${look}`);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');

    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('How long').click();
    await page.getByRole('option', { name: 'Until a time of your choice' }).click();
    await dialog.getByLabel('Date and time').fill('2020-01-01T00:00');
    await dialog.getByRole('button', { name: 'Mute' }).click();
    await dialog.getByText('Choose a time within the next 30 days.').waitFor();
    await screenshot(page, `mute-dialog-${look}`);
    expect(await flaws(page)).toEqual([0]);
    await dialog.getByLabel('How long').click();
    await page.getByRole('option', { name: 'For 24 hours' }).click();
    await dialog.getByLabel('Reason').fill('Fitters are there');
    await dialog.getByRole('button', { name: 'Mute' }).click();

    const banner = page.getByRole('note');
    await banner.getByText(/Muted until .* by Operator/).waitFor();
    expect(await banner.innerText()).toContain('Fitters are there');
    await page
      .getByText(/Operator muted it until/)
      .last()
      .waitFor();
    expect(await flaws(page)).toEqual([0]);
    await screenshot(page, `muted-${look}`);

    await page.goto('/alarms?status=muted');
    const row = page.getByRole('row', { name: /High temperature/ });
    await row.getByText('Muted', { exact: true }).waitFor();
    expect(await flaws(page)).toEqual([0]);
    await screenshot(page, `alarms-muted-${look}`);

    await openAlarm(page);
    await press(page, 'Unmute');
    await banner.waitFor({ state: 'detached' });
    await page
      .getByText(/Operator unmuted it/)
      .last()
      .waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

it('shows what one person writes to the other at once, and lets each change only what is theirs', async () => {
  const operator = await opened(OPERATOR);
  const customer = await opened(CUSTOMER, { viewport: NARROW });
  for (const { page } of [operator, customer]) await openAlarm(page);
  const words = 'Valve 3 <b>sticks</b>.\nFitter comes at 10.';
  await operator.page.getByLabel('Write a comment').fill(words);
  await press(operator.page, 'Add comment');

  const shown = customer.page.getByRole('list', { name: 'History' }).getByText('Valve 3');
  await shown.waitFor(); // nobody reloads the page
  expect(await shown.innerText()).toBe(words);
  expect(await customer.page.getByRole('button', { name: /comment$/ }).allInnerTexts()).toEqual(['Add comment']);
  expect(await customer.page.getByRole('button', { name: 'Mute' }).count()).toBe(0);
  await customer.page.getByLabel('Write a comment').fill('Nobody is in the building.');
  await press(customer.page, 'Add comment');
  await operator.page.getByText('Nobody is in the building.').waitFor();
  expect([...(await flaws(operator.page)), ...(await flaws(customer.page))]).toEqual([0, 0]);
  await screenshot(operator.page, 'history-wide');
  await screenshot(customer.page, 'history-narrow');

  await press(operator.page, 'Edit comment');
  await operator.page.locator('textarea:focus').waitFor();
  await operator.page.keyboard.press('ControlOrMeta+A');
  await operator.page.keyboard.type('Valve 4 sticks.');
  expect(await flaws(operator.page)).toEqual([0]);
  await press(operator.page, 'Save');
  await customer.page.getByText('Valve 4 sticks.').waitFor();
  await customer.page.getByText('edited').waitFor();

  const { page, complaints } = await opened(ADMIN);
  await page.goto('/alarms');
  await page.getByText('2 comments').waitFor();
  await openAlarm(page);
  await page.getByRole('button', { name: 'Delete comment' }).last().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete comment' }).click();
  await customer.page.getByText('Nobody is in the building.').waitFor({ state: 'detached' });
  for (const watched of [operator, customer, { page, complaints }]) {
    expect(watched.complaints).toEqual([]);
    await watched.page.context().close();
  }
});

it.each([
  ['wide-dark', { viewport: WIDE, colorScheme: 'dark' }],
  ['narrow-light', { viewport: NARROW, colorScheme: 'light' }],
] as const)(
  'shows in the mail log which mails a mute held back, and leads to the alarm (%s)',
  async (look, options) => {
    const { page, complaints } = await opened(ADMIN, options);
    await openAlarm(page);
    await press(page, 'Mute');
    await page.getByRole('menuitem', { name: 'For 1 hour', exact: true }).click();
    await page.getByRole('note').waitFor();
    await report(20);
    await report(95);
    await page.goto('/mail-log?state=suppressed');
    await page
      .getByText(/Muted by /)
      .first()
      .waitFor();
    await page.getByText('Muted', { exact: true }).last().waitFor();
    await screenshot(page, `mail-log-muted-${look}`);
    expect(await flaws(page)).toEqual([0]);
    await page.locator('.sp-row-link').first().click();
    await page.getByText('Send again').waitFor();
    expect(await flaws(page)).toEqual([0]);
    await screenshot(page, `mail-muted-${look}`);
    await page.getByRole('link', { name: 'Show the alarm' }).click();
    await page.getByRole('button', { name: 'Unmute' }).click();
    await page.getByRole('note').waitFor({ state: 'detached' });
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);
