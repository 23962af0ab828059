/** What holds for every provider, beyond what the catalogue itself refuses. An entry without its line here fails. */
import { isIP } from 'node:net';

import { DEFAULT_SMTP_PORT, mailProviderTemplateSchema, type MailProviderId } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { MAIL_PROVIDERS, mailProvider } from './catalogue.js';

const each = MAIL_PROVIDERS.map((template) => [template.id, template] as const);

/** First host, port and TLS mode, ways to sign in, OAuth flows, APIs; as the providers' own pages have them. */
const EXPECTED: Readonly<Record<MailProviderId, string>> = {
  'microsoft-365': 'smtp.office365.com 587 starttls | oauth2 basic | code app device | graph',
  google: 'smtp.gmail.com 465 implicit | oauth2 basic none | code service | gmail',
  'outlook-com': 'smtp-mail.outlook.com 587 starttls | oauth2 | code device | graph',
  'amazon-ses': 'email-smtp.us-east-1.amazonaws.com 587 starttls | basic | |',
  sendgrid: 'smtp.sendgrid.net 587 starttls | basic | |',
  mailgun: 'smtp.mailgun.org 587 starttls | basic | |',
  postmark: 'smtp.postmarkapp.com 587 starttls | basic | |',
  mailjet: 'in-v3.mailjet.com 587 starttls | basic | |',
  brevo: 'smtp-relay.brevo.com 587 starttls | basic | |',
  mailtrap: 'live.smtp.mailtrap.io 587 starttls | basic | |',
  resend: 'smtp.resend.com 587 starttls | basic | |',
  sparkpost: 'smtp.sparkpostmail.com 587 starttls | basic | |',
  zoho: 'smtppro.zoho.com 465 implicit | basic | |',
  fastmail: 'smtp.fastmail.com 465 implicit | basic oauth2 | code |',
  icloud: 'smtp.mail.me.com 587 starttls | basic | |',
  yahoo: 'smtp.mail.yahoo.com 465 implicit | basic | |',
  aol: 'smtp.aol.com 465 implicit | basic | |',
  'microsoft-365-gcc-high': 'smtp.office365.us 587 starttls | oauth2 basic | code app device | graph',
  'microsoft-365-dod': 'outlook-dod.office365.us 587 starttls | oauth2 basic | code app device | graph',
  'microsoft-365-china': 'smtp.partner.outlook.cn 587 starttls | oauth2 basic | code app device | graph',
  custom: '? 587 starttls | basic oauth2 none | code app device |',
  sandbox: 'none | | |',
};
const FLOW = { authorizationCode: 'code', clientCredentials: 'app', deviceCode: 'device', serviceAccount: 'service' };

it.each(each)('%s: is what the provider says', (id, { smtp, auth, oauth, apiTransports }) => {
  const server = smtp === null ? 'none' : `${smtp.host ?? smtp.otherHosts[0]?.host ?? '?'} ${smtp.port} ${smtp.tls}`;
  const flows = (oauth?.flows ?? []).map((flow) => FLOW[flow]);
  const said = [[server], auth, flows, apiTransports].map((part) => part.join(' ')).join(' | ');
  expect(said.replaceAll(/ +/g, ' ').trim()).toBe(EXPECTED[id]);
});

it.each(each)('%s: passes its own schema and is plain JSON', (_, template) => {
  expect(mailProviderTemplateSchema.parse(JSON.parse(JSON.stringify(template)))).toEqual(template);
});

it.each(each)('%s: names servers by host names, the first port being the usual one of its TLS mode', (_, { smtp }) => {
  if (smtp === null) return;
  for (const { host } of smtp.otherHosts) expect(isIP(host)).toBe(0);
  expect(smtp.port).toBe(DEFAULT_SMTP_PORT[smtp.tls]);
  expect(smtp.tls).not.toBe('none');
});

it.each(each)('%s: has https addresses only', (_, template) => {
  const { guide: _guide, ...data } = template;
  const urls = JSON.stringify(data).match(/\w+:\/\/[^"]+/g) ?? [];
  for (const url of urls) expect(url).toMatch(/^https:\/\/[^\s/]+\.[a-z]+(\/\S*)?$/);
});

it.each(each)('%s: says in its guide what to do, and lists the links of it', (_, { name, kind, guide, links }) => {
  const [brand = ''] = name.split(' ');
  const body = guide.split('\n').slice(1).join('\n').trim();
  expect(body.length).toBeGreaterThan(150);
  if (kind === 'smtp') expect(body).toMatch(/^(1\.|- |\|) /m);
  expect(guide).toContain(brand);
  for (const { url } of links) expect(guide).toContain(`](${url})`);
  expect(links).toHaveLength(new Set(guide.match(/(?<=\]\()[^)]+/g)).size);
});

it.each(each)(
  '%s: gives the day of a warning that names a year, and names the year of one that has a day',
  (_, { warnings }) => {
    for (const { text, from } of warnings) {
      const years: readonly string[] = text.match(/\b20\d\d\b/g) ?? [];
      expect(years.length > 0, text).toBe(from !== undefined);
      if (from !== undefined) expect(years).toContain(from.slice(0, 4));
    }
  },
);

it.each(each)('%s: tells what to type where a name and a password are asked for', (_, template) => {
  const { auth, username, password } = template;
  if (!auth.includes('basic')) return;
  expect(username.hint).not.toBe('');
  expect(password.label).not.toBe('');
  for (const word of [username.fixed, username.suggestion].filter((each) => each !== undefined))
    expect(username.hint).toContain(word);
});

it.each(each)('%s: holds no secret', (_, template) => {
  const text = JSON.stringify(template);
  expect(text).not.toMatch(/-----BEGIN|eyJ[\w-]{10}|GOCSPX-|SG\.[\w-]{10}|\bre_\w{10}|xsmtpsib-|AKIA[A-Z0-9]{12}/);
  expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/i);
});

it('sets OAuth 2.0 before the password at Microsoft, and says when the password ends', () => {
  const { auth, warnings } = mailProvider('microsoft-365');
  expect(auth[0]).toBe('oauth2');
  expect(warnings.find(({ about }) => about === 'basic')).toMatchObject({ from: '2026-12-31' });
});

it.each(['microsoft-365', 'google'] as const)('%s: its guide goes all the way', (id) => {
  const { guide, links } = mailProvider(id);
  expect(guide.match(/^## /gm)?.length).toBeGreaterThanOrEqual(6);
  expect(links.length).toBeGreaterThanOrEqual(10);
  for (const place of ['mailbox', 'redirectUri']) expect(guide).toContain(`{{${place}}}`);
});

it('tells the administrator of Microsoft 365 the commands with the ids put in', () => {
  const { guide } = mailProvider('microsoft-365');
  for (const command of [
    'New-ServicePrincipal -AppId "{{clientId}}"',
    'Connect-ExchangeOnline -Organization "{{directoryId}}"',
    'Add-MailboxPermission -Identity "{{mailbox}}"',
    'Set-CASMailbox -Identity "{{mailbox}}" -SmtpClientAuthenticationDisabled $false',
  ])
    expect(guide).toContain(command);
  expect(guide).toContain('535 5.7.139');
});
