/** How many letters were changed, left out, added or swapped with their neighbour (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) line.push(cost(one, other, row, column, line, rows));
    rows.push(line);
  }
  return rows.at(-1)?.at(-1) ?? 0;
}

function cost(one: string, other: string, row: number, column: number, line: number[], rows: number[][]): number {
  const at = (cells: readonly number[] | undefined, index: number): number => cells?.[index] ?? Infinity;
  const above = rows[row - 1];
  const same = one[row - 1] === other[column - 1] ? 0 : 1;
  const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
  return Math.min(
    at(above, column) + 1,
    at(line, column - 1) + 1,
    at(above, column - 1) + same,
    swapped ? at(rows[row - 2], column - 2) + 1 : Infinity,
  );
}
