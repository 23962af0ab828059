import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';

import { CLIENTS, startAuthority } from '../fakes/oauth/authority.js';
import { CA_FILE, startSmtp } from '../fakes/smtp-server.js';
import { mailEachMessage } from '../stack/chains.js';
import { freePort } from '../stack/free-port.js';
import { Product } from '../stack/product.js';
import { ADMIN, tenant } from '../stack/tenant.js';
import { openBrowser } from './browser.js';
import { accessibilityProblems, openPage, overflow, screenshot, signIn } from './page.js';

const MAILBOX = 'box@example.org';

let browser: Browser;
let product: Product;
/** The address that providers may send browsers back to: http is taken for localhost alone. */
let publicUrl: string;
beforeAll(async () => {
  browser = await openBrowser();
  product = await Product.prepare({ env: { NODE_EXTRA_CA_CERTS: CA_FILE } });
  publicUrl = product.url.replace('127.0.0.1', 'localhost');
  product.env['PUBLIC_URL'] = publicUrl;
  const sandbox = { name: 'DEFAULT', default: true, provider: 'sandbox' };
  product.provision({ tenants: [tenant({ mailServer: sandbox, chain: mailEachMessage(product.home) })] });
  await product.start();
});
afterAll(async () => {
  await browser.close();
  await product.dispose();
});

const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function mailServersPage() {
  const { page, complaints } = await openPage(browser, publicUrl, { ignoreHTTPSErrors: true });
  cleanUp.push(() => page.context().close());
  await signIn(page, ADMIN.email, ADMIN.password);
  await page.goto('/mail-servers');
  await page.getByRole('link', { name: 'Add a mail server' }).click();
  return { page, complaints };
}

async function pickCustom(page: Page, name: string): Promise<void> {
  await page.getByLabel('Search for a provider').fill('postfix');
  await page.getByRole('button', { name: /Custom SMTP server/ }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('From', { exact: true }).fill(`Plant <${MAILBOX}>`);
}

const choose = (page: Page, group: string, option: string): Promise<void> =>
  page.getByRole('radiogroup', { name: group }).getByText(option, { exact: true }).click({ force: true });

async function expectFine(page: Page, name: string): Promise<void> {
  await screenshot(page, `mail-servers-${name}`);
  expect(await accessibilityProblems(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
}

it('goes from the template of a provider to a test mail that arrives', async () => {
  const mailbox = await startSmtp({ user: { name: 'plant', password: 'a-good-password' } });
  cleanUp.push(() => mailbox.stop());
  const { page, complaints } = await mailServersPage();
  await pickCustom(page, 'Plant mail');
  await choose(page, 'Signs in with', 'Password');
  await page.getByRole('button', { name: 'Save mail server' }).click();
  await page.getByText('Some fields need another look').waitFor();
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await choose(page, 'TLS', 'None');
  await page.getByText('Everything goes over the network in clear').waitFor();
  await page.getByLabel('Port', { exact: true }).fill(String(mailbox.port));
  await page.getByLabel('User name').fill('plant');
  await page.getByRole('textbox', { name: 'Password' }).fill('a-good-password');
  await expectFine(page, 'new');
  await choose(page, 'What to show', 'Doctor');
  await page.getByRole('button', { name: 'Check connection' }).click();
  await page.getByText(/All steps work|It works, and something/).waitFor(); // what is not saved yet can be tried
  await page.getByRole('button', { name: 'Save mail server' }).click();

  await page.getByRole('button', { name: 'Check connection' }).click();
  await page.getByText(/All steps work|It works, and something/).waitFor();
  await expectFine(page, 'doctor');
  await choose(page, 'What to show', 'Test mail');
  await page.getByLabel('Recipient').fill('me@example.org');
  await page.getByRole('button', { name: 'Send test mail' }).click();
  await page.getByText('The server accepted it').waitFor();
  const [mail] = await mailbox.waitFor(1);
  expect(mail).toMatchObject({ recipients: ['me@example.org'] });
  const link = /http\S+\/arrived\/\S+/.exec(mail?.mail.text ?? '')?.[0] ?? '';
  const reader = await page.context().newPage();
  await reader.goto(link);
  await reader.getByRole('button').click();
  await page.getByText('Somebody got it').waitFor();
  await expectFine(page, 'test-mail');
  expect(await page.content()).not.toContain('a-good-password');
  expect(complaints.filter((text) => !text.includes('400'))).toEqual([]); // the refusal that was wanted
});

it('gets the consent of a mailbox, and follows it without a reload', async () => {
  const callback = `${publicUrl}/api/mail/oauth/callback`;
  const authority = await startAuthority({ kind: 'microsoft', redirectUris: [callback], persona: { person: MAILBOX } });
  cleanUp.push(() => authority.close());
  const { page } = await mailServersPage();
  await pickCustom(page, 'Consented');
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await choose(page, 'Signs in with', 'OAuth 2.0');
  await page.getByRole('button', { name: 'Add application' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Application (client) ID').fill(CLIENTS.confidential.id);
  await dialog.getByRole('textbox', { name: 'Client secret' }).fill(CLIENTS.confidential.secret);
  await dialog.getByText('Addresses of the provider').click();
  await dialog.getByLabel('Issuer').fill(authority.issuer);
  await dialog.getByLabel('Authorization URL').fill(authority.endpoints.authorizationUrl);
  await dialog.getByLabel('Token URL').fill(authority.endpoints.tokenUrl);
  await dialog.getByRole('button', { name: 'Save application' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.getByLabel('User name').fill(MAILBOX);
  await page.getByLabel('Scopes').fill('smtp.send openid email offline_access');
  await page.getByRole('button', { name: 'Save mail server' }).click();

  await page.getByText('accepts this address').waitFor();
  await expectFine(page, 'consent');
  const [popup] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('button', { name: /^Sign in with/ }).click(),
  ]);
  await popup.getByRole('heading', { name: 'Signed in' }).waitFor();
  await page.getByText(`Sends as ${MAILBOX}`).waitFor();
  await page.getByText('Next refresh').waitFor();
  await expectFine(page, 'consented');
});

it('says what is wrong with a server that nobody runs, and is content when somebody does', async () => {
  const port = await freePort();
  const { page } = await mailServersPage();
  await pickCustom(page, 'Silent');
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await choose(page, 'TLS', 'None');
  await page.getByLabel('Port', { exact: true }).fill(String(port));
  await choose(page, 'Signs in with', 'Nothing');
  await page.getByRole('button', { name: 'Save mail server' }).click();
  await page.getByRole('button', { name: 'Check connection' }).click();
  await page.getByText('It does not work like this').waitFor();
  const step = page.getByRole('listitem').filter({ hasText: 'Connect' }).first();
  await step.locator('sp-advice').waitFor();
  await expectFine(page, 'advice');
  const mailbox = await startSmtp({ port });
  cleanUp.push(() => mailbox.stop());
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText(/All steps work|It works, and something/).waitFor();
});

it('hands over to another server when one is deleted, and asks before', async () => {
  const { page } = await mailServersPage();
  await pickCustom(page, 'Going');
  await page.getByLabel('Host', { exact: true }).fill('smtp.example.org');
  await choose(page, 'Signs in with', 'Nothing');
  await page.getByRole('button', { name: 'Save mail server' }).click();
  await page.getByRole('button', { name: 'Actions for Going' }).click();
  await page.getByRole('menuitem', { name: 'Make default' }).click();
  await page.getByText('Saved. Mails from now on').waitFor();
  await page.getByRole('button', { name: 'Actions for Going' }).click();
  await page.getByRole('menuitem', { name: 'Delete mail server' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('uses the default').waitFor();
  await expectFine(page, 'delete');
  await dialog.getByRole('button', { name: 'Delete mail server' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Takes over').selectOption({ label: 'DEFAULT' });
  await dialog.getByRole('button', { name: 'Delete mail server' }).click();
  await page.getByRole('heading', { level: 2, name: 'DEFAULT' }).waitFor();
  expect(await page.getByRole('link', { name: 'Going' }).count()).toBe(0);
});

it('does not lose what two people change at the same time, nor what is not saved yet', async () => {
  const { page } = await mailServersPage();
  await pickCustom(page, 'Shared');
  await page.getByLabel('Host', { exact: true }).fill('smtp.example.org');
  await choose(page, 'Signs in with', 'Nothing');
  await page.getByRole('button', { name: 'Save mail server' }).click();
  await page.getByRole('button', { name: 'Check connection' }).waitFor();

  await page.getByLabel('Description').fill('mine');
  const path = `/api/mail/servers/${new URL(page.url()).pathname.split('/').at(-1) ?? ''}`;
  const colleague = await product.signIn(ADMIN.email, ADMIN.password);
  const { name, settings, revision } = await colleague.get<{ name: string; settings: object; revision: number }>(path);
  const theirs = { name, settings: { ...settings, port: 2525 } };
  const saved = await colleague.send('PUT', path, theirs, { 'If-Match': `"${revision}"` });
  expect(saved.status).toBe(200);
  await page.getByText('Somebody else has just changed this server').waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('dialog').getByText('2525').waitFor();
  await expectFine(page, 'conflict');
  await page.getByRole('button', { name: 'Save mine over it' }).click();
  await page.getByText('Somebody else has just changed this server').waitFor({ state: 'detached' });
  expect(await colleague.get(path)).toMatchObject({ description: 'mine', settings: { port: 2525 } });

  await page.getByLabel('Description').fill('not saved');
  await page.getByRole('link', { name: 'Alarms' }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await page.getByLabel('Description').inputValue()).toBe('not saved');
});
