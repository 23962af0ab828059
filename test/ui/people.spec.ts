import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type FakeSmtp, startSmtp } from '../fakes/smtp-server.js';
import { Product } from '../stack/product.js';
import { smtp } from '../stack/tenant.js';
import { until } from '../stack/until.js';
import { openBrowser } from './browser.js';
import { accessibilityProblems, NARROW, openPage, overflow, screenshot, signIn } from './page.js';

const SYSTEM = ['sysadmin@example.org', 'a-long-enough-secret'] as const;
const ADA = 'ada@example.org';
const HEIDI = 'heidi@example.org';
const OWLS = 'three wise owls hoot';
const BEARS = 'four brown bears dance';

let browser: Browser;
let mailbox: FakeSmtp;
let product: Product;
beforeAll(async () => {
  [browser, mailbox, product] = await Promise.all([openBrowser(), startSmtp(), Product.prepare()]);
  product.env['PUBLIC_URL'] = product.url;
  product.env['TRUSTED_PROXIES'] = '127.0.0.1';
  const [email, password] = SYSTEM;
  product.provision({
    system: { admins: [{ email, password }], mailServers: [{ ...smtp(mailbox.port), name: 'SYSTEM' }] },
  });
  await product.start();
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
  await mailbox.stop();
});

/** The link of the mail to somebody that opens this page. */
const linkTo = (address: string, path: string): Promise<string> =>
  until(`a mail to ${address} with ${path}`, () => {
    const texts = mailbox.mails
      .filter(({ recipients }) => recipients.includes(address))
      .map(({ mail }) => mail.text ?? '');
    return texts.flatMap((text) => new RegExp(String.raw`http\S+${path}\?token=[\w-]+`).exec(text)?.[0] ?? []).at(-1);
  });

const button = (within: Page | Locator, name: string): Locator => within.getByRole('button', { name, exact: true });
const pick = async (page: Page, dialog: Locator, field: string, option: string): Promise<void> => {
  await dialog.getByLabel(field, { exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
};

it('lets the system administrator make a tenant and invite its administrator', async () => {
  const { page, complaints } = await openPage(browser, product.url);
  await signIn(page, ...SYSTEM);
  await page.goto('/tenants');
  await button(page, 'Create tenant').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Mill');
  await dialog.locator('button[type=submit]').click();
  await page.getByRole('heading', { level: 1, name: 'Users of Mill' }).waitFor(); // a tenant needs somebody: that page comes next
  await button(page, 'Invite user').first().click();
  await dialog.getByLabel('Email', { exact: true }).fill(ADA);
  await dialog.getByLabel('Name (optional)').fill('Ada');
  await button(dialog, 'Invite').click();
  await page.getByRole('row', { name: /Ada/ }).getByText('Invited', { exact: true }).waitFor();
  await screenshot(page, 'users-invited');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('lets a scanner open the link in a browser of its own, and the person activate on a phone afterwards', async () => {
  const link = await linkTo(ADA, '/activate');
  const scanner = await openPage(browser, product.url);
  await scanner.page.goto(link);
  await scanner.page.getByRole('heading', { name: 'Activate your account' }).waitFor();
  await scanner.page.context().close();

  const { page, complaints } = await openPage(browser, product.url, { viewport: NARROW });
  await page.goto(link);
  await page.getByText(`You were invited to Mill. You will sign in as ${ADA}.`).waitFor();
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  await screenshot(page, 'activate-narrow');
  await page.getByLabel('Choose a password', { exact: true }).fill(OWLS);
  await button(page, 'Activate and sign in').click();
  await page.getByRole('heading', { level: 1, name: 'Hello Ada' }).waitFor();
  expect(complaints).toEqual([]);

  await page.goto(link);
  await page.getByText('This link is not valid', { exact: false }).waitFor();
  await screenshot(page, 'activate-used-narrow');
  await page.context().close();
});

it('invites a customer user in another language, who is then spoken to in it', async () => {
  const { page, complaints } = await openPage(browser, product.url);
  await signIn(page, ADA, OWLS);
  await page.goto('/customers');
  await button(page, 'Create customer').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Dairy');
  await dialog.locator('button[type=submit]').click();
  await page.getByRole('row', { name: /Dairy/ }).waitFor();
  await page.goto('/users');
  await button(page, 'Invite user').first().click();
  await dialog.getByLabel('Email', { exact: true }).fill(HEIDI);
  await dialog.getByLabel('Name (optional)').fill('Heidi');
  await pick(page, dialog, 'Role', 'Customer user');
  await pick(page, dialog, 'Customer', 'Dairy');
  await pick(page, dialog, 'Language', 'Deutsch');
  await button(dialog, 'Invite').click();
  await page.getByRole('row', { name: /Heidi/ }).waitFor();
  expect(complaints).toEqual([]);
  await page.context().close();

  const heidi = await openPage(browser, product.url, { viewport: NARROW, locale: 'de-DE' });
  await heidi.page.goto(await linkTo(HEIDI, '/activate'));
  await heidi.page.getByLabel('Passwort wählen', { exact: true }).fill(OWLS);
  await button(heidi.page, 'Aktivieren und anmelden').click();
  await heidi.page.getByRole('heading', { level: 1, name: 'Hallo Heidi' }).waitFor();
  expect(heidi.complaints).toEqual([]);
  await heidi.page.context().close();
});

it('gives a new password to who forgot the old one', async () => {
  const { page, complaints } = await openPage(browser, product.url, { viewport: NARROW });
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor();
  await page.getByLabel('Email').fill(ADA);
  await button(page, 'Send the link').click();
  await page.getByText(`If ${ADA} has an account here`, { exact: false }).waitFor();
  await page.goto(await linkTo(ADA, '/reset'));
  await page.getByLabel('New password', { exact: true }).fill(BEARS);
  await button(page, 'Set the password').click();
  await page.getByText('Your new password is set. Sign in with it.').waitFor();
  await signIn(page, ADA, BEARS);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('opens a locked account by the link in the mail, and moves it to another address', async () => {
  const guess = { email: ADA, password: 'wrong' };
  for (let n = 0; n < 10; n += 1)
    await product.visitor().send('POST', '/api/auth/sign-in', guess, { 'X-Forwarded-For': `198.51.100.${n}` });
  const { page } = await openPage(browser, product.url);
  await page.goto('/sign-in');
  await page.getByLabel('Email').fill(ADA);
  await page.getByLabel('Password', { exact: true }).fill(BEARS);
  await button(page, 'Sign in').click();
  await page.getByText('use the link in the mail that its owner got', { exact: false }).waitFor(); // as for a wrong password
  await screenshot(page, 'locked');
  await page.goto(await linkTo(ADA, '/unlock'));
  await button(page, 'Unlock').click();
  await page.getByText('Your account is open again.', { exact: false }).waitFor();
  await signIn(page, ADA, BEARS);

  await page.goto('/account/security');
  await button(page, 'Change address').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New address').fill('ada@new.example.org');
  await dialog.getByLabel('Present password', { exact: true }).fill(BEARS);
  await button(dialog, 'Send the link').click();
  await dialog.getByText('a mail with a link is on its way', { exact: false }).waitFor();
  await page.goto(await linkTo('ada@new.example.org', '/confirm-address'));
  await button(page, 'Confirm the address').click();
  await page.getByText('You now sign in as ada@new.example.org.').waitFor();
  await linkTo(ADA, '/confirm-address'); // the old address is told, with the way back
  await page.goto('/account/security');
  await page.getByText('ada@new.example.org').first().waitFor();
  await screenshot(page, 'account-security');
  await page.context().close();
});
