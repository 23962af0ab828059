import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { MAIL_PROVIDER_IDS } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { ALL_PROVIDERS } from './all-providers.js';
import { loadCatalogue, MAIL_PROVIDERS, mailProvider } from './catalogue.js';
import type { ProviderDescription } from './describe-provider.js';

const guideOf = (id: string): string => MAIL_PROVIDERS.find((template) => template.id === id)?.guide ?? '';

/** The catalogue with one provider changed. */
const withChanged = (id: string, change: (description: ProviderDescription) => object, guide?: string | null) => () =>
  loadCatalogue(
    ALL_PROVIDERS.map((description) => (description.id === id ? change(description) : description)),
    (each) => (each === id && guide !== undefined ? guide : guideOf(each)),
  );
const same = (description: ProviderDescription) => description;

const withSmtp = (id: string, smtp: object) =>
  withChanged(id, (description) => ({ ...description, smtp: { ...description.smtp, ...smtp } }));
const withOAuth = (id: string, oauth: object) =>
  withChanged(id, (description) => ({ ...description, oauth: { ...description.oauth, ...oauth } }));
const withScopes = (id: string, smtp: string[]) =>
  withOAuth(id, { scopes: { ...mailProvider('microsoft-365').oauth?.scopes, smtp } });

it('has one template for every provider, in the order of the picker', () => {
  expect(MAIL_PROVIDERS.map(({ id }) => id)).toEqual(MAIL_PROVIDER_IDS);
  for (const id of MAIL_PROVIDER_IDS) expect(mailProvider(id).id).toBe(id);
});

it('has one folder for every provider, each with data and guide', () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...MAIL_PROVIDER_IDS].sort());
  for (const { name } of folders)
    expect(readdirSync(join(import.meta.dirname, name)).sort()).toEqual([`${name}.provider.ts`, 'guide.md'].sort());
});

it('refuses a provider that is there twice, and one that is missing', () => {
  expect(() => loadCatalogue([...ALL_PROVIDERS, ALL_PROVIDERS[0]], guideOf)).toThrow(/amazon-ses: is there twice/);
  expect(() => loadCatalogue(ALL_PROVIDERS.slice(1), guideOf)).toThrow(/amazon-ses: is not in the catalogue/);
  expect(withChanged('aol', (aol) => ({ ...aol, name: 'Yahoo Mail' }), '# Yahoo Mail')).toThrow(/two providers/);
});

it('tells all that is wrong at once', () => {
  const load = () => loadCatalogue([{ id: 'aol' }, ...ALL_PROVIDERS.slice(2)], () => null);
  expect(load).toThrow(/aol: name:[^]*brevo: has no guide\.md/);
});

it.each([
  ['an unknown field', withChanged('aol', (aol) => ({ ...aol, colour: 'blue' })), /aol: : Unrecognized key: "colour"/],
  ['an unknown limit', withChanged('aol', (aol) => ({ ...aol, limits: { perHour: 1 } })), /aol: limits: Unrecognized/],
  ['an unknown provider', withChanged('aol', (aol) => ({ ...aol, id: 'aolmail' })), /aolmail: id:/],
  ['an IP address as host', withSmtp('aol', { host: '192.0.2.1' }), /aol: smtp\.host: must be a host name/],
  ['no host at all', withSmtp('aol', { host: null }), /aol: has no host/],
  ['a host twice', withSmtp('aol', { otherHosts: [{ host: 'smtp.aol.com', label: 'again' }] }), /names a host twice/],
  ['STARTTLS on 465', withSmtp('aol', { port: 465, tls: 'starttls' }), /aol: port 465 with TLS mode starttls/],
  ['TLS at once on 587', withSmtp('aol', { alternatives: [{ port: 587, tls: 'implicit' }] }), /aol: port 587/],
  ['sending in clear', withSmtp('aol', { alternatives: [{ port: 25, tls: 'none' }] }), /aol: would send in clear/],
  ['OAuth without its addresses', withChanged('aol', (aol) => ({ ...aol, auth: ['oauth2'] })), /"auth" and "oauth"/],
  ['an http address', withOAuth('google', { tokenUrl: 'http://oauth2.googleapis.com/token' }), /must be an https URL/],
  ['a day that is none', withChanged('aol', (aol) => ({ ...aol, checked: '2026-02-30' })), /aol: checked:/],
])('refuses %s', (_, load, message) => {
  expect(load).toThrow(message);
});

it.each([
  ['no guide', withChanged('aol', same, null), /aol: has no guide\.md/],
  ['an empty guide', withChanged('aol', same, ' \n'), /aol: guide:/],
  ['the guide of another', withChanged('aol', same, guideOf('yahoo')), /aol: its guide does not begin with "# AOL/],
  ['an http link', withChanged('aol', same, '# AOL Mail\n[a](http://aol.com)'), /aol: links\.0\.url: must be an https/],
  ['a link within the guide', withChanged('aol', same, '# AOL Mail\n[a](#b)'), /aol: links\.0\.url:/],
  ['a place that nobody fills', withChanged('aol', same, '# AOL Mail\n{{password}}'), /unknown place \{\{password\}\}/],
  ['an open code block', withChanged('aol', same, '# AOL Mail\n```\nx'), /code block without an end/],
])('refuses %s', (_, load, message) => {
  expect(load).toThrow(message);
});

const SMTP_SEND = 'https://outlook.office.com/SMTP.Send';
it.each([
  ['app-only scopes for people', withScopes('microsoft-365', ['https://a.b/.default', 'offline_access']), /\.default/],
  ['people who are asked again each hour', withScopes('microsoft-365', [SMTP_SEND]), /would bring no refresh token/],
  ['two resources', withScopes('microsoft-365', [SMTP_SEND, 'https://c.d/E', 'offline_access']), /two resources/],
  ['no mail', withScopes('microsoft-365', ['openid', 'offline_access']), /smtp: asks for no mail/],
  ['a slip of the pen', withScopes('microsoft-365', ['https://a.b/SMPT.Send', 'offline_access']), /is no scope/],
  ['a blank', withScopes('microsoft-365', [`${SMTP_SEND} `, 'offline_access']), /is no scope/],
  ['a Markdown link', withScopes('microsoft-365', [`[x](${SMTP_SEND})`, 'offline_access']), /is no scope/],
  [
    'scopes of people for the application itself',
    withOAuth('microsoft-365', {
      appOnlyScopes: { smtp: [SMTP_SEND], graph: ['https://graph.microsoft.com/.default'] },
    }),
    /app-only takes the one scope/,
  ],
  [
    'a sign-in without a person',
    withOAuth('google', { appOnlyScopes: { smtp: ['openid'], gmail: ['https://a.b/c'] } }),
    /app-only, and asks who signs in/,
  ],
  [
    'app-only flows without scopes',
    withOAuth('microsoft-365', { appOnlyScopes: undefined }),
    /app-only scopes disagree/,
  ],
  [
    'an API without scopes',
    withOAuth('google', { scopes: { smtp: ['https://a.b/c'] } }),
    /the API gmail and its scopes/,
  ],
  ['device codes of Google', withOAuth('google', { flows: ['deviceCode'] }), /Google has no device code/],
  ['service accounts of Microsoft', withOAuth('microsoft-365', { flows: ['serviceAccount'] }), /is none of msal/],
  ['a flow without its address', withOAuth('microsoft-365', { deviceUrl: undefined }), /deviceUrl and the flows/],
  ['no directory to put in', withOAuth('microsoft-365', { directoryId: undefined }), /directoryId disagree/],
])('refuses OAuth settings with %s', (_, load, message) => {
  expect(load).toThrow(message);
});
