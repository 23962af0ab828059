import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { startSmtp, type FakeSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { Product } from '../stack/product.js';
import { ADMIN, smtp, tenant } from '../stack/tenant.js';
import { openBrowser } from './browser.js';
import { accessibilityProblems, NARROW, openPage, overflow, screenshot, signIn, WIDE } from './page.js';

let browser: Browser;
let product: Product;
let mailbox: FakeSmtp;
beforeAll(async () => {
  [browser, product, mailbox] = await Promise.all([openBrowser(), Product.prepare(), startSmtp()]);
  const sandbox = { name: 'DEFAULT', default: true, provider: 'sandbox' };
  product.provision({
    system: { mailServers: [smtp(mailbox.port, { from: 'Signalpost <system@example.org>' })] },
    tenants: [tenant({ mailServer: sandbox, chain: mailEachMessage(product.home) })],
  });
  await product.start();
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
  await mailbox.stop();
});

/** A preview of what cannot be sent is refused, which the browser writes down. */
const unexpected = (complaints: readonly string[]) => complaints.filter((complaint) => !complaint.includes('400'));

async function opened(path: string, options: Parameters<typeof openPage>[2] = {}) {
  const { page, complaints } = await openPage(browser, product.url, options);
  await signIn(page, ADMIN.email, ADMIN.password);
  await page.goto(path);
  return { page, complaints };
}

async function write(page: Page, html: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'HTML part' });
  await editor.click();
  await page.keyboard.press('Control+A');
  await page.keyboard.insertText(html);
}

const preview = (page: Page) => page.frameLocator('iframe[title="Preview of the mail"]');

it('lets an administrator write the words of a mail, see them, try them and have them sent', async () => {
  const { page, complaints } = await opened('/mail-templates');
  await page.getByRole('link', { name: 'Test mail: English' }).click();
  await preview(page).getByRole('heading', { name: 'It works' }).waitFor();

  await write(page, '<h1>Hi {{nobody}}</h1>');
  const problem = page.locator('p', { hasText: 'There is no variable "nobody"' });
  expect(await problem.innerText()).toMatch(/^Line 1, column 10:/);
  await preview(page).getByRole('heading', { name: 'It works' }).waitFor(); // the last one that worked

  await write(page, '<h1>Hi {{recipientName}}</h1><p>{{sentBy}} writes.</p>');
  await preview(page).getByRole('heading', { name: 'Hi Grace Hopper' }).waitFor();
  await page.getByRole('button', { name: 'Send me this' }).click();
  const [tried] = await mailbox.waitFor(1);
  expect(tried).toMatchObject({ from: '"Signalpost" <system@example.org>', recipients: [ADMIN.email] });
  expect(tried?.mail.html).toContain('Hi Grace Hopper');

  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Your own words').waitFor();
  await page.getByRole('button', { name: 'Back to the default' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Back to the default' }).click();
  await page.getByText('Built-in words').waitFor();
  await page.getByRole('button', { name: 'History' }).click();
  await page.getByRole('button', { name: 'Use this' }).click();
  await preview(page).getByRole('heading', { name: 'Hi Grace Hopper' }).waitFor();
  expect(unexpected(complaints)).toEqual([]);
  await page.context().close();
});

it('completes names where two braces are open', async () => {
  const { page } = await opened('/mail-templates/activation/en');
  await preview(page)
    .getByRole('heading', { name: /Welcome/ })
    .waitFor();
  await write(page, '');
  await page.keyboard.type('{{inv');
  await page.getByRole('option', { name: /inviterName/ }).click();
  expect(await page.getByRole('textbox', { name: 'HTML part' }).innerText()).toContain('{{inviterName}}');
  await page.context().close();
});

it('shows name, colours and logo in a mail once they are saved, and says which colours cannot be read', async () => {
  const { page, complaints } = await opened('/mail-templates/looks');
  await page.getByLabel('Name', { exact: true }).fill('Acme IoT');
  await page.getByLabel('Colour of buttons and links', { exact: true }).fill('#ffee88');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(/cannot be read on white/).waitFor();
  await page.getByLabel('Colour of buttons and links', { exact: true }).fill('#7a1fa2');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await preview(page).getByText('Acme IoT').first().waitFor();
  const button = preview(page).getByRole('link', { name: 'Activate account' });
  expect(await button.evaluate((link) => getComputedStyle(link).backgroundColor)).toBe('rgb(122, 31, 162)');
  expect(unexpected(complaints)).toEqual([]);
  await page.context().close();
});

it.each([
  ['wide', WIDE, 'light'],
  ['wide', WIDE, 'dark'],
  ['narrow', NARROW, 'light'],
  ['narrow', NARROW, 'dark'],
] as const)('is accessible and fits: %s %o %s', async (name, viewport, colorScheme) => {
  const { page } = await opened('/mail-templates/password-reset/en', { viewport, colorScheme });
  await page.getByRole('textbox', { name: 'HTML part' }).waitFor();
  await screenshot(page, `mail-template-${name}-${colorScheme}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.goto('/mail-templates/looks');
  await page.locator('iframe').waitFor();
  await screenshot(page, `branding-${name}-${colorScheme}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await page.context().close();
});
