import type { ImportReport, ImportedNode } from '../../core/api/models';

export type Level = ImportedNode['level'];

/** Worst first: what needs a person comes before what went well. */
const ORDER: readonly Level[] = ['error', 'warning', 'info', 'ok'];

export function worstFirst(report: ImportReport): readonly ImportedNode[] {
  return [...report.nodes].sort((a, b) => ORDER.indexOf(a.level) - ORDER.indexOf(b.level));
}

/** How many nodes are at each level that occurs, worst first. */
export function countsOf(report: ImportReport): readonly { readonly level: Level; readonly count: number }[] {
  return ORDER.map((level) => ({
    level,
    count: report.nodes.filter((node) => node.level === level).length,
  })).filter(({ count }) => count > 0);
}
