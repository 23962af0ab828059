import { htmlToText } from './html-to-text.js';

export interface BodySource {
  readonly body: string;
  readonly html: boolean;
  /** The plain-text part of an HTML mail; absent: made of the HTML. */
  readonly text?: string | undefined;
  readonly footer?: string | undefined;
}

export interface MailBody {
  readonly text: string;
  readonly html?: string;
}

/** A lone CR or LF would be one on the wire, too (RFC 5321 §2.3.8). */
export function bodyOf({ body, html, text, footer = '' }: BodySource): MailBody {
  const plain = withCrLf(withTextFooter(html ? (text ?? htmlToText(body)) : body, footer));
  return html ? { text: plain, html: withCrLf(withHtmlFooter(body, footer)) } : { text: plain };
}

const withCrLf = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');

/** RFC 3676 §4.3: mail programs know what follows for a signature. */
const withTextFooter = (text: string, footer: string): string =>
  footer === '' ? text : `${text.trimEnd()}\n\n-- \n${footer.trimEnd()}\n`;

function withHtmlFooter(html: string, footer: string): string {
  if (footer === '') return html;
  const lines = footer
    .trimEnd()
    .split(/\r\n?|\n/)
    .map(escape);
  const block = `<div style="margin-top:24px;font-size:small;color:#666">${lines.join('<br>')}</div>`;
  const end = html.search(/<\/body\s*>/i);
  return end === -1 ? html + block : html.slice(0, end) + block + html.slice(end);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
