import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, it } from 'vitest';

import { bytesOf } from './bytes-of.js';

const compile = (mail: ConstructorParameters<typeof MailComposer>[0]) =>
  new MailComposer({
    from: 'Plant <plant@example.org>',
    to: 'user@example.org',
    subject: 'Übertemperatur',
    messageId: '<1@example.org>',
    date: new Date(0),
    baseBoundary: 'boundary',
    ...mail,
  }).compile();

it.each([
  ['a line', 'The pump is hot.'],
  ['lines of any ending', 'one\ntwo\r\nthree\rfour\n'],
  ['an ending', 'text\r\n'],
  ['half an ending', 'text\r'],
  ['letters of any language', 'Überhitzung bei 90 °C — 温度が高い 🔥'],
  ['almost only other letters', '温度が高いです。'.repeat(20)],
  ['long lines', `${'x'.repeat(2000)} ü`],
  ['long lines of ASCII', 'word '.repeat(500)],
  ['blanks at ends of lines', 'a ü \n b\t\n '],
  ['dots', '.\n..\nü.\n'],
  ['signs that mean something', '=3D =\n=ü'],
  ['a long text', 'Ünd so weiter. '.repeat(5000)],
  ['no text', ''],
])('makes the bytes that nodemailer makes: %s', async (_what, text) => {
  expect((await bytesOf(compile({ text }))).toString()).toBe((await compile({ text }).build()).toString());
});

it.each([
  ['HTML', { html: '<b>Ü</b>' }],
  ['HTML and text', { text: 'Ü', html: '<b>Ü</b>' }],
  ['a picture', { text: 'Ü', attachments: [{ filename: 'a.png', content: Buffer.from([1, 2, 3]) }] }],
])('makes the bytes that nodemailer makes: %s', async (_what, mail) => {
  expect((await bytesOf(compile(mail))).toString()).toBe((await compile(mail).build()).toString());
});
