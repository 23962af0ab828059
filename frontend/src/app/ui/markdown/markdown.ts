/** The part of Markdown that our guides are written in, as data: it is shown by a template, so nothing in it can be markup. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly inline: readonly Inline[] }
  | { readonly kind: 'paragraph'; readonly inline: readonly Inline[] }
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  | {
      readonly kind: 'list';
      readonly ordered: boolean;
      readonly start: number;
      readonly items: readonly (readonly Block[])[];
    }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

export interface Inline {
  readonly kind: 'text' | 'code' | 'strong' | 'emphasis' | 'link';
  readonly text: string;
  /** Of a link; https or http alone. */
  readonly url?: string;
}

const FENCE = /^```(\S*)\s*$/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^(?:[-*]|(\d+)\.)\s+/;
const TABLE_LINE = /^\|?[\s:|-]+\|[\s:|-]*$/;

export function parseMarkdown(source: string): readonly Block[] {
  return new Lines(source.replaceAll('\r', '').split('\n')).blocks();
}

class Lines {
  private next = 0;

  constructor(private readonly lines: readonly string[]) {}

  blocks(): readonly Block[] {
    const blocks: Block[] = [];
    while (this.next < this.lines.length) {
      if (this.line().trim() === '') this.next++;
      else blocks.push(this.block());
    }
    return blocks;
  }

  private line(): string {
    return this.lines[this.next] ?? '';
  }

  private block(): Block {
    const line = this.line();
    const fence = FENCE.exec(line);
    if (fence) return this.code(fence[1] ?? '');
    const heading = HEADING.exec(line);
    if (heading) {
      this.next++;
      return { kind: 'heading', level: heading[1]?.length ?? 1, inline: parseInline(heading[2] ?? '') };
    }
    if (ITEM.test(line)) return this.list();
    return this.isTable() ? this.table() : this.paragraph();
  }

  private code(language: string): Block {
    const text: string[] = [];
    for (this.next++; this.next < this.lines.length && !FENCE.test(this.line()); this.next++) text.push(this.line());
    this.next++;
    return { kind: 'code', language, text: text.join('\n') };
  }

  private list(): Block {
    const ordered = /^\d/.test(this.line());
    const start = Number(ITEM.exec(this.line())?.[1] ?? 1);
    const items: (readonly Block[])[] = [];
    while (ITEM.test(this.line()) && /^\d/.test(this.line()) === ordered) items.push(this.item());
    return { kind: 'list', ordered, start, items };
  }

  /** The rest of its line, and every line below that stands further in. */
  private item(): readonly Block[] {
    const indent = ITEM.exec(this.line())?.[0].length ?? 0;
    const own = [this.line().slice(indent)];
    for (this.next++; this.next < this.lines.length && this.belongs(indent); this.next++)
      own.push(this.line().slice(Math.min(indent, indentOf(this.line()))));
    return new Lines(own).blocks();
  }

  private belongs(indent: number): boolean {
    if (this.line().trim() !== '') return indentOf(this.line()) >= Math.min(indent, 2);
    const after = this.lines.slice(this.next).find((line) => line.trim() !== '');
    return after !== undefined && indentOf(after) >= indent;
  }

  private isTable(): boolean {
    return this.line().startsWith('|') && TABLE_LINE.test(this.lines[this.next + 1] ?? '');
  }

  private table(): Block {
    const rows: string[] = [];
    for (; this.line().startsWith('|'); this.next++) rows.push(this.line());
    const [head = '', , ...body] = rows;
    return { kind: 'table', head: cellsOf(head), rows: body.map(cellsOf) };
  }

  private paragraph(): Block {
    const text: string[] = [];
    do text.push(this.line().trim());
    while (++this.next < this.lines.length && this.continues());
    return { kind: 'paragraph', inline: parseInline(text.join(' ')) };
  }

  private continues(): boolean {
    const line = this.line();
    return line.trim() !== '' && !FENCE.test(line) && !HEADING.test(line) && !ITEM.test(line) && !line.startsWith('|');
  }
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

const cellsOf = (row: string): readonly (readonly Inline[])[] =>
  row
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => parseInline(cell.trim()));

const INLINE = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^\s()]+)\)|(?<!\w)_([^_]+)_(?!\w)/g;

/** @returns the pieces of a line in their order; one piece is not inside of another */
export function parseInline(text: string): readonly Inline[] {
  const pieces: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) pieces.push({ kind: 'text', text: text.slice(end, match.index) });
    pieces.push(pieceOf(match));
    end = match.index + match[0].length;
  }
  return end < text.length ? [...pieces, { kind: 'text', text: text.slice(end) }] : pieces;
}

function pieceOf([, code, strong, linked, url, emphasis]: RegExpMatchArray): Inline {
  if (code !== undefined) return { kind: 'code', text: code };
  if (strong !== undefined) return { kind: 'strong', text: strong };
  if (linked !== undefined && url !== undefined) return { kind: 'link', text: linked.replaceAll(/[*`_]/g, ''), url };
  return { kind: 'emphasis', text: emphasis ?? '' };
}
