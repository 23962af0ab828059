import type { ParsedMail } from 'mailparser';
import sanitizeHtml from 'sanitize-html';

export interface ReadMessage {
  readonly subject: string;
  readonly headers: { readonly name: string; readonly value: string }[];
  readonly text: string;
  readonly html: string | null;
}

const PREVIEW_LENGTH = 160;

/** For the list: one line each, without NULs, which PostgreSQL has none of. */
export async function summarise(raw: Buffer): Promise<{ subject: string; preview: string }> {
  const mail = await parse(raw);
  return {
    subject: oneLine(mail.subject ?? ''),
    preview: oneLine(mail.text ?? '')
      .slice(0, PREVIEW_LENGTH)
      .toWellFormed(),
  };
}

/** For the page. Pictures that came with the mail are in the HTML; nothing is loaded from elsewhere. */
export async function readMessage(raw: Buffer): Promise<ReadMessage> {
  const mail = await parse(raw);
  const headers = mail.headerLines.map(({ key, line }) => ({
    name: line.slice(0, key.length),
    value: unfold(line.slice(line.indexOf(':') + 1)),
  }));
  return {
    subject: mail.subject ?? '',
    headers,
    text: mail.text ?? '',
    html: mail.html === false ? null : sanitizeHtml(mail.html, ALLOWED),
  };
}

/** The parser is loaded with the first mail. */
async function parse(raw: Buffer): Promise<ParsedMail> {
  const { simpleParser } = await import('mailparser');
  return simpleParser(raw, { skipTextToHtml: true, skipTextLinks: true });
}

const unfold = (value: string): string => value.replace(/\r?\n[ \t]*/g, ' ').trim();
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** Formatting stays, whatever acts, loads or covers the page goes. */
const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: [...sanitizeHtml.defaults.allowedTags, 'img', 'center', 'font', 'ins', 'del'],
  allowedAttributes: {
    '*': ['align', 'valign', 'bgcolor', 'color', 'dir', 'height', 'lang', 'style', 'title', 'width'],
    a: ['href', 'rel', 'target'],
    font: ['face', 'size'],
    img: ['alt', 'src'],
    table: ['border', 'cellpadding', 'cellspacing'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: ['data'] },
  allowProtocolRelative: false,
  nonTextTags: ['style', 'script', 'textarea', 'option', 'noscript', 'title'],
  allowedStyles: {
    '*': Object.fromEntries(
      [
        'background',
        'background-color',
        'border',
        'border-bottom',
        'border-collapse',
        'border-left',
        'border-radius',
        'border-right',
        'border-top',
        'color',
        'display',
        'font',
        'font-family',
        'font-size',
        'font-style',
        'font-weight',
      ]
        .concat([
          'height',
          'letter-spacing',
          'line-height',
          'margin',
          'max-width',
          'padding',
          'text-align',
          'text-decoration',
          'vertical-align',
          'white-space',
          'width',
        ])
        .map((property) => [property, [/^[\w\s#%.,'"()-]{1,200}$/]]),
    ),
  },
  transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow', target: '_blank' }) },
};
