import { LANGUAGES, SYSTEM_MAIL_IDS, type Language, type SystemMailId } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { systemMail } from './catalogue.js';
import { DEFAULT_BRAND } from './brand.js';
import type { RenderedMail } from './render.js';
import { kindOf } from './variables.js';
import { writeBuiltIn } from './write-mail.js';

const NOW = Date.UTC(2026, 10, 21, 8, 0);
const EVERY = SYSTEM_MAIL_IDS.flatMap((id) => LANGUAGES.map((language) => [id, language] as const));

const write = (
  id: SystemMailId,
  language: Language,
  change: Record<string, unknown> = {},
  name?: string,
): RenderedMail =>
  writeBuiltIn(
    {
      tenantId: '0198a000-0000-7000-8000-000000000001',
      template: id,
      variables: systemMail(id).variables.parse({ ...systemMail(id).sample(NOW), ...change }),
      recipient: { address: 'ada@example.org', name },
      reader: { language, timeZone: 'Europe/Berlin' },
    },
    DEFAULT_BRAND,
  );

/** The same value in every variable that people or devices have a say in. */
function hostile(id: SystemMailId, value: string | null): Record<string, unknown> {
  const fields = Object.entries(systemMail(id).variables.shape).filter(
    ([, field]) => kindOf(field as never) === 'text',
  );
  return Object.fromEntries(fields.map(([name]) => [name, value]));
}

it.each(EVERY)('says %s in %s: subject, HTML and text, everything filled in', (id, language) => {
  const { subject, html, text } = write(id, language, {}, 'Ada');
  expect(subject).not.toBe('');
  expect(html).toContain(`<html lang="${language}"`);
  for (const part of [subject, html, text]) expect(part).not.toMatch(/\{\{|\}\}\}|undefined|\[object|null/);
  const { link, code } = systemMail(id).sample(NOW) as { link?: string; code?: string };
  for (const secret of [link, code]) if (secret !== undefined) expect(text).toContain(secret);
  for (const secret of [link, code]) if (secret !== undefined) expect(html).toContain(secret);
});

it.each(EVERY)('keeps %s in %s whole, whatever markup a value holds', (id, language) => {
  const evil = '<script>alert(1)</script><img src=x onerror=alert(1)><a href="https://evil.example">x</a>{{link}}';
  const { html, text } = write(id, language, hostile(id, evil), evil);
  expect(html).not.toMatch(/<script|<img|<a href="https:\/\/evil/i);
  expect(text).not.toContain('(https://evil.example)');
});

it.each(EVERY)('keeps every header and line of %s in %s its own', (id, language) => {
  const evil = 'Ada\r\nBcc: victim@example.org\r\n\r\nHello\u2028you\0';
  const { subject, text } = write(id, language, hostile(id, evil), evil);
  expect(subject).not.toMatch(/[\r\n\u2028\0]/);
  expect(text.split('\n')).not.toContain('Bcc: victim@example.org');
});

it.each(EVERY)('lets nobody turn the words of %s in %s around', (id, language) => {
  const { subject, html, text } = write(id, language, hostile(id, '\u202egro.elpmaxe\u202c שלום'), '\u202ecod');
  for (const part of [subject, html, text]) expect(part).not.toMatch(/[\u202a-\u202e\u200e\u200f]/);
  for (const part of [subject, html, text])
    for (const [word] of part.matchAll(/.?שלום.?/g)) expect(word).toBe(' שלום\u2069');
});

it.each(EVERY)('stays short in %s in %s, however long a name is', (id, language) => {
  const { subject, html } = write(id, language, hostile(id, 'x'.repeat(10_240)), 'y'.repeat(10_240));
  expect(subject.length).toBeLessThan(1_000);
  expect(html.length).toBeLessThan(16_000);
});

it.each(EVERY)('reads well in %s in %s where nothing is known', (id, language) => {
  const { subject, html, text } = write(id, language, hostile(id, null));
  for (const part of [subject, html, text]) expect(part).not.toMatch(/null|undefined|\( *\)|, ,/);
  expect(subject.trim()).toBe(subject);
});

it('tells times in the language and the time zone of the reader', () => {
  expect(write('activation', 'en').text).toContain('November 22, 2026 at 9:00 AM');
  expect(write('activation', 'de').text).toContain('22. November 2026 um 09:00');
});

it('calls nobody: no pictures, fonts or style sheets of others', () => {
  const { html } = write('activation', 'en');
  const outside = [...html.matchAll(/(?:src|href|url\()\s*=?\s*["'(]?(https?:[^"')\s]+)/g)].map(
    ([, address]) => address,
  );
  expect(outside).toEqual(['https://signalpost.example.org/activate#sample']);
});
