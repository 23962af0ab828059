import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Product } from '../stack/product.js';
import { until } from '../stack/until.js';
import { openBrowser } from './browser.js';
import { accessibilityProblems, NARROW, openPage, overflow, screenshot, signIn, WIDE } from './page.js';

/** Address and password. */
type Person = readonly [string, string];

const PEOPLE = [
  ['sysadmin@example.org', 'change-me-now'],
  ['tenant@example.org', 'change-me-too'],
  ['operator@example.org', 'change-me-three'],
  ['customer@example.org', 'change-me-four'],
] as const;

let browser: Browser;
let product: Product;

async function start(): Promise<void> {
  [browser, product] = await Promise.all([openBrowser(), Product.start({ env: { DEMO: 'true' } })]);
  await product.telemetry('A1_TOKEN', { temperature: 90, humidity: 41 });
  const admin = await product.signIn(...PEOPLE[1]);
  await until('something to look at', async () => (await admin.list('/api/inbox/messages')).length > 0);
}

async function stop(): Promise<void> {
  await browser.close();
  await product.dispose();
}

/** The pages that the navigation offers to who is signed in. */
async function pagesOf(page: Page): Promise<string[]> {
  const links = await page
    .locator('nav a[href^="/"]')
    .evaluateAll((found) => found.map((link) => link.getAttribute('href') ?? ''));
  return [...new Set(['/', '/account', ...links])];
}

async function look(page: Page, path: string, name: string): Promise<string[]> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.waitForLoadState('load');
  await page.locator('sp-skeleton').first().waitFor({ state: 'detached' });
  await screenshot(page, `${name}-${path.replaceAll('/', '_')}`);
  const problems = await accessibilityProblems(page);
  const tooWide = await overflow(page);
  return [...problems, ...(tooWide > 0 ? [`${tooWide} px wider than the window`] : [])].map(
    (problem) => `${path}: ${problem}`,
  );
}

const EVERYBODY = PEOPLE;
/** Sees every page that there is, with the system administrator. */
const TENANT_ADMINISTRATOR = PEOPLE.slice(1, 2);

/** Each width has a file of its own: they are half of all that a browser looks at, and two of them run side by side. */
const WIDTHS = { wide: WIDE, narrow: NARROW } as const;
type Width = keyof typeof WIDTHS;
type ColorScheme = 'light' | 'dark';

/** Who looks: everybody once in each width. */
const LOOKS: Readonly<Record<Width, readonly (readonly [ColorScheme, readonly Person[]])[]>> = {
  wide: [
    ['light', EVERYBODY],
    ['dark', TENANT_ADMINISTRATOR],
  ],
  narrow: [
    ['light', TENANT_ADMINISTRATOR],
    ['dark', EVERYBODY],
  ],
};

/** The specs of one width. */
export function everyPage(width: Width): void {
  const viewport = WIDTHS[width];
  beforeAll(start);
  afterAll(stop);

  describe.each(LOOKS[width])(`${width}, %s`, (colorScheme, people) => {
    it.each(people)('%s finds every page accessible, complete and without a complaint', async (email, password) => {
      const { page, complaints } = await openPage(browser, product.url, { viewport, colorScheme });
      await signIn(page, email, password);
      const paths = await pagesOf(page);
      expect(paths.length).toBeGreaterThan(2);
      const problems: string[] = [];
      for (const path of paths)
        problems.push(...(await look(page, path, `${width}-${colorScheme}-${email.split('@')[0] ?? ''}`)));
      expect(problems).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });

    it('has an accessible way in', async () => {
      const { page, complaints } = await openPage(browser, product.url, { viewport, colorScheme });
      expect(await look(page, '/sign-in', `${width}-${colorScheme}`)).toEqual([]);
      expect(complaints).toEqual([]);
      await page.context().close();
    });
  });
}
