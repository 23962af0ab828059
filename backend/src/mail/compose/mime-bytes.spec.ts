import MailComposer from 'nodemailer/lib/mail-composer';
import { expect, it } from 'vitest';

import { mimeBytes, type MailToBuild } from './mime-bytes.js';

const MAIL: MailToBuild = {
  head: {
    from: { name: 'Plant', address: 'plant@example.org' },
    to: [{ name: '', address: 'user@example.org' }],
    cc: [],
    headers: { 'Auto-Submitted': 'auto-generated' },
  },
  subject: 'Übertemperatur',
  messageId: '<1@example.org>',
  date: new Date(0),
  text: 'The pump is hot.',
  images: [],
  boundary: 'boundary',
};

const byNodemailer = async ({ head, images, boundary, ...mail }: MailToBuild): Promise<string> => {
  const { from, to, cc, replyTo, headers } = head;
  const composer = new MailComposer({
    ...{ ...mail, from, to: [...to], cc: [...cc], replyTo, headers: { ...headers }, baseBoundary: boundary },
    attachments: images.map((image) => ({ ...image, filename: image.cid, contentDisposition: 'inline' })),
  });
  return (await composer.compile().build()).toString();
};

const expectTheSame = async (mail: MailToBuild) =>
  expect((await mimeBytes(mail)).toString()).toBe(await byNodemailer(mail));

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
])('makes the bytes that nodemailer makes: %s', (_what, text) => expectTheSame({ ...MAIL, text }));

it.each([
  ['another one', { subject: 'Pump 2 is hot', messageId: '<2@example.org>', date: new Date(1_790_000_000_000) }],
  ['a long subject', { subject: 'word '.repeat(90).trim() }],
  ['a long subject of any language', { subject: 'Überhitzung 温度 '.repeat(20).trim() }],
  ['a subject that looks like a field', { subject: 'Date: today' }],
  ['no subject', { subject: '' }],
  ['a long Message-ID', { messageId: `<1@${'long.'.repeat(30)}example.org>` }],
])('makes the bytes that nodemailer makes of mails to the same people: %s', async (_what, mail) => {
  await expectTheSame(MAIL);
  await expectTheSame({ ...MAIL, ...mail });
});

it.each<[string, Partial<MailToBuild['head']>]>([
  ['other people', { to: [{ name: 'Ünal, A.', address: 'other@example.org' }] }],
  ['many people', { to: Array.from({ length: 40 }, (_, at) => ({ name: `N ${at}`, address: `n${at}@example.org` })) }],
  ['copies', { cc: [{ name: '', address: 'copy@example.org' }] }],
  ['answers elsewhere', { replyTo: { name: 'Desk', address: 'desk@example.org' } }],
  ['other headers', { headers: { 'X-Priority': '1 (Highest)', 'X-Plant': 'Überall' } }],
])('makes the bytes that nodemailer makes: %s', (_what, head) =>
  expectTheSame({ ...MAIL, head: { ...MAIL.head, ...head } }),
);

it.each([
  ['HTML', { html: '<b>Ü</b>' }],
  ['HTML and text', { text: 'Ü', html: '<b>Ü</b>' }],
  ['a picture', { text: 'Ü', images: [{ cid: 'a', contentType: 'image/png', content: Buffer.from([1, 2, 3]) }] }],
])('makes the bytes that nodemailer makes: %s', (_what, mail) => expectTheSame({ ...MAIL, ...mail }));
