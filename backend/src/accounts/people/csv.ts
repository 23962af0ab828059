/** One line of a CSV file with its number, as editors count. */
export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * RFC 4180, and what spreadsheets make of it: a byte order mark, `;` instead of `,`, any end of line. Empty lines are left out.
 * @throws RangeError for a quote that is not closed
 */
export function readCsv(text: string): CsvLine[] {
  const reader = new CsvReader(text.replace(/^\uFEFF/, ''));
  const lines: CsvLine[] = [];
  while (!reader.atEnd) {
    const line = reader.readLine();
    if (line.cells.some((cell) => cell !== '')) lines.push(line);
  }
  return lines;
}

class CsvReader {
  readonly #separator: ',' | ';';
  readonly #cell: RegExp;
  #at = 0;
  #line = 1;

  constructor(private readonly content: string) {
    this.#separator = separatorOf(content);
    this.#cell = new RegExp(`"((?:[^"]|"")*)"|([^"${this.#separator}\\r\\n][^${this.#separator}\\r\\n]*)|`, 'y');
  }

  get atEnd(): boolean {
    return this.#at >= this.content.length;
  }

  readLine(): CsvLine {
    const line = this.#line;
    const cells = [this.#readCell()];
    while (this.content[this.#at] === this.#separator) {
      this.#at += 1;
      cells.push(this.#readCell());
    }
    if (this.#take(/\r\n|\n|\r|$/y) === null)
      throw new RangeError(`A quote in line ${line} is not closed or stands in the middle of a cell`);
    return { line, cells };
  }

  #readCell(): string {
    const [, quoted, plain] = this.#take(this.#cell) ?? [];
    return (quoted?.replaceAll('""', '"') ?? plain ?? '').trim();
  }

  #take(what: RegExp): RegExpExecArray | null {
    what.lastIndex = this.#at;
    const found = what.exec(this.content);
    this.#at += found?.[0].length ?? 0;
    this.#line += found?.[0].match(/\r\n|\n|\r/g)?.length ?? 0;
    return found;
  }
}

/** The header tells: it holds no address. */
function separatorOf(content: string): ',' | ';' {
  const header = content.split(/[\r\n]/, 1)[0] ?? '';
  return header.includes(';') && !header.includes(',') ? ';' : ',';
}
