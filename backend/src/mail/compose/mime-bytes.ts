import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines, hasLongerLines, isPlainText } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { encode, wrap } from 'nodemailer/lib/qp';

import type { Mailbox } from '../addresses.js';

/** What the mails of one node to the same people have in common. */
export interface MailHead {
  readonly from: Mailbox;
  readonly to: readonly Mailbox[];
  readonly cc: readonly Mailbox[];
  readonly replyTo?: Mailbox;
  readonly headers: Readonly<Record<string, string>>;
}

/** One mail, as nodemailer composes it. */
export interface MailToBuild {
  readonly head: MailHead;
  readonly subject: string;
  readonly messageId: string;
  readonly date: Date;
  readonly text: string;
  readonly html?: string;
  readonly images: readonly { readonly cid: string; readonly content: Buffer; readonly contentType: string }[];
  /** The same for the same mail, or its bytes would not be. */
  readonly boundary: string;
}

/** RFC 2045 §6.7 (5), and RFC 5322 §2.1.1. */
const LINE_LENGTH = 76;
/** Longer texts are encoded in pieces, as nodemailer does it. */
const MOST_CHARACTERS = 10_000;
/** Of so many heads the header is kept, of those that are no longer than that. */
const MOST_FRAMES = 500;
const LONGEST_HEAD = 2_000;

/**
 * The bytes of a mail. A mail of one short text, as most alarms are, is put together from the header of the one before it;
 * nodemailer would make each header anew and lead the text through five streams, which costs more than sending it. The bytes
 * are the same.
 */
export async function mimeBytes(mail: MailToBuild): Promise<Buffer> {
  return textMail(mail) ?? compile(mail).build();
}

function compile({ head, images, boundary, ...mail }: MailToBuild): MimeNode {
  return new MailComposer({
    ...head,
    ...mail,
    to: [...head.to],
    cc: [...head.cc],
    headers: { ...head.headers },
    attachments: images.map((image) => ({ ...image, filename: image.cid, contentDisposition: 'inline' })),
    baseBoundary: boundary,
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
}

/** null: it is no mail of one short text. */
function textMail(mail: MailToBuild): Buffer | null {
  const { text } = mail;
  const isShortText = mail.html === undefined && mail.images.length === 0 && text.length <= MOST_CHARACTERS;
  if (!isShortText || text === '' || text.endsWith('\r')) return null;
  const encoding = encodingOf(text);
  if (encoding === 'base64') return null;
  const body = encoding === '7bit' ? text : wrap(encode(text), LINE_LENGTH);
  return Buffer.from(`${header(mail, encoding)}\r\n\r\n${body}${body.endsWith('\n') ? '' : '\r\n'}`);
}

/** As nodemailer chooses it; the boundary is given because it would draw a random one. */
function encodingOf(text: string): string {
  if (isPlainText(text) && !hasLongerLines(text, LINE_LENGTH)) return '7bit';
  return new MimeNode('text/plain', { baseBoundary: 'none' }).setContent(text).getTransferEncoding() || '7bit';
}

/** Each field of a header, folded; of those that are a mail's own, the name. */
type Frame = readonly (string | { readonly own: string })[];
const frames = new Map<string, Frame>();
const names = new MimeNode();

function header(mail: MailToBuild, encoding: string): string {
  const own = new Map([
    ['Subject', names.encodeHeaderValue('Subject', mail.subject)],
    ['Message-ID', mail.messageId],
    ['Date', mail.date.toUTCString().replace('GMT', '+0000')], // RFC 5322 §3.3
    ['Content-Transfer-Encoding', encoding],
  ]);
  return frameOf(mail)
    .flatMap((field) => (typeof field === 'string' ? field : folded(field.own, own.get(field.own) ?? '')))
    .join('\r\n');
}

/** A field without a value is none. */
const folded = (name: string, value: string): string[] =>
  value.trim() === '' ? [] : [foldLines(`${name}: ${value}`, LINE_LENGTH)];

function frameOf(mail: MailToBuild): Frame {
  const key = JSON.stringify(mail.head);
  const known = frames.get(key);
  if (known !== undefined) return known;
  const frame = makeFrame(mail);
  if (key.length > LONGEST_HEAD) return frame;
  if (frames.size >= MOST_FRAMES) frames.clear();
  frames.set(key, frame);
  return frame;
}

const OWN = ['Subject', 'Message-ID', 'Date', 'Content-Transfer-Encoding'];

function makeFrame(mail: MailToBuild): Frame {
  const fields = compile({ ...mail, subject: 'any', text: 'any' })
    .buildHeaders()
    .split(/\r\n(?![ \t])/);
  return fields.map((field) => {
    const own = OWN.find((name) => field.startsWith(`${name}:`));
    return own === undefined ? field : { own };
  });
}
