import type { Figures } from './cases.ts';
import { median } from './statistics.ts';

/** Figures of all rounds, by case and contestant. */
export class Report {
  readonly #cases = new Map<string, Map<string, Figures[]>>();

  add(name: string, contestant: string, figures: Figures): void {
    const rows = this.#cases.get(name) ?? new Map<string, Figures[]>();
    rows.set(contestant, [...(rows.get(contestant) ?? []), figures]);
    this.#cases.set(name, rows);
  }

  /** Markdown: medians, lowest and highest behind them where there are several rounds, and what the product is to each floor. */
  print(): string {
    return [...this.#cases].map(([name, rows]) => [`### ${name}`, '', ...table(rows), ''].join('\n')).join('\n');
  }
}

function table(rows: ReadonlyMap<string, readonly Figures[]>): string[] {
  const columns = [
    ...new Set([...rows.values()].flatMap((rounds) => rounds.flatMap((figures) => Object.keys(figures)))),
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const body = [...rows].map(([name, rounds]) =>
    line([name, ...columns.map((column) => cell(valuesOf(rounds, column)))]),
  );
  return [line(['', ...columns]), line(['---', ...columns.map(() => '---:')]), ...body, ...ratios(rows, columns, line)];
}

function ratios(
  rows: ReadonlyMap<string, readonly Figures[]>,
  columns: readonly string[],
  line: (cells: readonly string[]) => string,
): string[] {
  const own = rows.get('Signalpost') ?? [];
  return [...rows]
    .filter(([name]) => name !== 'Signalpost' && own.length > 0)
    .map(([name, rounds]) =>
      line([
        `Signalpost / ${name}`,
        ...columns.map((column) => ratio(valuesOf(own, column), valuesOf(rounds, column))),
      ]),
    );
}

/** What could not be measured has no figure. */
const valuesOf = (rounds: readonly Figures[], column: string): number[] =>
  rounds.flatMap((figures) => figures[column] ?? []).filter((value) => !Number.isNaN(value));

function cell(values: readonly number[]): string {
  if (values.length === 0) return '';
  const middle = show(median(values));
  return values.length === 1 ? middle : `${middle} (${show(Math.min(...values))}–${show(Math.max(...values))})`;
}

function ratio(own: readonly number[], other: readonly number[]): string {
  const value = median(own) / median(other);
  return Number.isFinite(value) ? `**${value.toFixed(2)}x**` : '';
}

function show(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
}
