const LINE_BREAKS = new Set(
  'address article blockquote br dd div dl dt footer form h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody thead tr ul'.split(
    ' ',
  ),
);
const HIDDEN = new Set(['style', 'script', 'head', 'title', 'template']);
const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  deg: '°',
  euro: '€',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  middot: '·',
  copy: '©',
};
/** Above this the plain text says less; such a body is no alarm mail. */
const MAX_HTML = 200_000;
const MAX_TAG = 3_000;

/**
 * A plain-text reading of HTML, for readers and filters that want one. Not for sanitising: the result is text. One pass,
 * never back, because devices have a say in what the HTML holds.
 */
export function htmlToText(html: string): string {
  const reader = new Reader(html.slice(0, MAX_HTML));
  return reader
    .read()
    .split('\n')
    .map((line) => line.replace(/[ \u00a0]+/g, ' ').trim())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

class Reader {
  readonly #lower: string;
  #text = '';
  #at = 0;
  #link: { readonly href: string; readonly from: number } | undefined;

  constructor(private readonly html: string) {
    this.#lower = html.toLowerCase();
  }

  read(): string {
    while (this.#at < this.html.length) {
      const open = this.html.indexOf('<', this.#at);
      this.#addText(open === -1 ? this.html.length : open);
      if (open !== -1) this.#readTag(open);
    }
    return this.#text;
  }

  #addText(end: number): void {
    this.#text += decodeEntities(this.html.slice(this.#at, end).replace(/\s+/g, ' '));
    this.#at = end;
  }

  #readTag(open: number): void {
    if (this.html.startsWith('<!--', open)) return this.#skipTo('-->', open);
    const close = this.html.indexOf('>', open);
    if (close === -1) return this.#addText(this.html.length);
    this.#at = close + 1;
    const tag = this.html.slice(open, Math.min(close + 1, open + MAX_TAG));
    const [, slash, name = ''] = /^<(\/?)([a-z][a-z0-9]*)/i.exec(tag) ?? [];
    if (slash === '/') this.#endTag(name.toLowerCase());
    else this.#startTag(name.toLowerCase(), tag);
  }

  #startTag(name: string, tag: string): void {
    if (HIDDEN.has(name)) return this.#skipTo(`</${name}`, this.#at);
    if (LINE_BREAKS.has(name)) this.#text += name === 'li' ? '\n- ' : '\n';
    const href = name === 'a' ? /\shref\s*=\s*["']((?:https?:|mailto:)[^"']+)["']/i.exec(tag)?.[1] : undefined;
    if (href !== undefined) this.#link = { href: decodeEntities(href), from: this.#text.length };
  }

  #endTag(name: string): void {
    if (name === 'td' || name === 'th') this.#text += '  ';
    if (LINE_BREAKS.has(name) && name !== 'li') this.#text += '\n';
    if (name !== 'a' || this.#link === undefined) return;
    const { href, from } = this.#link;
    this.#link = undefined;
    if (!this.#text.slice(from).includes(href)) this.#text += ` (${href})`;
  }

  #skipTo(end: string, from: number): void {
    const found = this.#lower.indexOf(end, from);
    this.#at = found === -1 ? this.html.length : found + (end === '-->' ? end.length : 0);
  }
}

function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
    (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? all;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
      return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code).toWellFormed() : all;
    },
  );
}
