import { LANGUAGES, SYSTEM_MAIL_IDS } from '@signalpost/contracts';
import { expect, it } from 'vitest';

import { systemMail } from './catalogue.js';
import { checkTemplate } from './check-template.js';

const check = (html: string, subject = 'Subject', text: string | null = null) =>
  checkTemplate({ subject, html: `${html}{{link}}`, text }, systemMail('activation'));

it.each(SYSTEM_MAIL_IDS.flatMap((id) => LANGUAGES.map((language) => [id, language] as const)))(
  'has nothing against our own text of %s in %s',
  (id, language) => {
    expect(checkTemplate({ text: null, ...systemMail(id).texts[language] }, systemMail(id))).toEqual([]);
  },
);

it.each([
  ['<p>Hello</p>\n<p>{{recipientNam}}</p>', 2, 6, 'There is no variable "recipientNam"'],
  ['<p>\n\n  {{#if inviterName}}x', 3, 31, 'Something is opened and not closed'],
  ['a {{#if inviterName}}b{{/unless}}', 1, 6, "if doesn't match unless"],
  ['one\ntwo {{{recipientName}}}', 2, 5, 'two braces'],
  ['{{> layout}}', 1, 1, 'Partials and decorators are not known'],
  ['{{#each recipientName}}x{{/each}}', 1, 1, '{{#each}} is not known'],
  ['{{#if}}x{{/if}}', 1, 1, 'takes one variable'],
  ['{{lookup this "constructor"}}', 1, 1, '"lookup" is no helper'],
  ['{{button}}', 1, 1, 'Write button link "Label"'],
  ['{{button (evil link) "x"}}', 1, 10, 'There is no variable like this'],
  ['{{constructor.constructor}}', 1, 3, 'There is no variable "constructor.constructor"'],
])('refuses %j at line %i, column %i', (html, line, column, told) => {
  const [problem] = check(html);
  expect(problem).toMatchObject({ part: 'html', line, column });
  expect(problem?.message).toContain(told);
});

it('finds the place after lines of any kind', () => {
  const [problem] = check('<p>first</p>\n\n<p>second {{recipientName}}</p>\n<p>{{ productName }</p>\n');
  expect(problem).toMatchObject({ line: 4 });
});

it('looks at the subject and the text part, too', () => {
  expect(check('', '{{nobody}}')).toMatchObject([{ part: 'subject', line: 1, column: 3 }]);
  expect(check('', 's', 'x {{nobody}} {{link}}')).toMatchObject([{ part: 'text', line: 1, column: 5 }]);
});

it('wants what the mail is of no use without, in the HTML and in a text of its own', () => {
  const mail = systemMail('activation');
  expect(checkTemplate({ subject: 's', html: 'Hello', text: null }, mail)).toMatchObject([{ part: 'html' }]);
  expect(checkTemplate({ subject: 's', html: '{{button link "Go"}}', text: 'Hello' }, mail)).toMatchObject([
    { part: 'text' },
  ]);
  expect(checkTemplate({ subject: 's', html: '{{button link "Go"}}', text: null }, mail)).toEqual([]);
});
