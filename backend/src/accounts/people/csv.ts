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
  const content = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(content);
  const cell = new RegExp(`"((?:[^"]|"")*)"|([^"${separator}\\r\\n][^${separator}\\r\\n]*)|`, 'y');
  const lines: CsvLine[] = [];
  let [at, line] = [0, 1];
  while (at < content.length) {
    const cells: string[] = [];
    const first = line;
    for (;;) {
      cell.lastIndex = at;
      const [whole = '', quoted, plain] = cell.exec(content) ?? [];
      cells.push((quoted?.replaceAll('""', '"') ?? plain ?? '').trim());
      at += whole.length;
      line += newlinesIn(whole);
      if (content[at] !== separator) break;
      at += 1;
    }
    const end = /\r\n|\n|\r|$/y;
    end.lastIndex = at;
    const ended = end.exec(content);
    if (ended === null)
      throw new RangeError(`A quote in line ${first} is not closed or stands in the middle of a cell`);
    at += ended[0].length;
    line += 1;
    if (cells.some((value) => value !== '')) lines.push({ line: first, cells });
  }
  return lines;
}

const newlinesIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

/** The header tells: it holds no address. */
function separatorOf(content: string): ',' | ';' {
  const header = content.split(/[\r\n]/, 1)[0] ?? '';
  return header.includes(';') && !header.includes(',') ? ';' : ',';
}
