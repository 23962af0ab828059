import { afterAll, expect, it } from 'vitest';

import { ScriptPool } from '../../scripting/index.js';
import { DEFAULT_BRAND } from './brand.js';
import { coloursOf, type TemplateContext } from './render.js';
import { SandboxedTemplates } from './sandboxed.js';

const pool = new ScriptPool({ workers: 1 });
afterAll(() => pool.close());
const templates = new SandboxedTemplates(pool);

const context = Object.assign(
  { link: 'https://x.example/a?b=1&c', name: '<b>Ada</b>' },
  { brand: coloursOf(DEFAULT_BRAND) },
);
const fill = (html: string, subject = 's', text: string | null = null) =>
  templates.fill(
    '0198a000-0000-7000-8000-000000000001',
    { subject, html, text },
    context as unknown as TemplateContext,
  );

it('fills in the three parts, escaped where they are HTML', async () => {
  expect(await fill('<p>{{name}}</p>{{#if name}}yes{{else}}no{{/if}}', 'Hi {{name}}', '{{link}}')).toEqual({
    ok: true,
    parts: { subject: 'Hi <b>Ada</b>', html: '<p>&lt;b&gt;Ada&lt;/b&gt;</p>yes', text: 'https://x.example/a?b=1&c' },
  });
});

it('has the same helpers as the built-in texts', async () => {
  const filled = await fill('{{button link "Open <it>"}}{{digits name}}');
  expect(filled).toMatchObject({ ok: true });
  const { html } = filled.ok ? filled.parts : { html: '' };
  expect(html).toContain('>Open &lt;it&gt;</a>');
  expect(html).toContain(`background:${DEFAULT_BRAND.accent}`);
  expect(html).toContain('&lt;b&gt;Ada&lt;/b&gt;</span>');
});

it.each([
  '{{constructor.constructor "return process"}}',
  '{{#with (lookup this "constructor")}}{{.}}{{/with}}',
  '{{__proto__.constructor.name}}{{toString}}{{brand.constructor.constructor}}',
])('gives nothing of the machine to %s', async (html) => {
  const filled = await fill(html);
  expect(filled.ok ? filled.parts.html : '').not.toMatch(/process|function|Object/);
});

it.each([
  ['a loop that never ends in time', '{{#each @root.brand}}'.repeat(12) + 'x' + '{{/each}}'.repeat(12)],
  ['too long an output', '{{#each @root.brand}}'.repeat(3) + 'x'.repeat(2_000) + '{{/each}}'.repeat(3)],
  ['a template that is too long', 'x'.repeat(60_000)],
])('ends %s with a reason', async (_what, html) => {
  expect(await fill(html)).toMatchObject({ ok: false, lasting: true });
});
