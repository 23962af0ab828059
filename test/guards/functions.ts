import ts from 'typescript';

import type { SourceFile } from './source-files.js';

export interface FunctionSize {
  /** `path:line name` */
  readonly place: string;
  readonly path: string;
  readonly lines: number;
}

/** Every function of a TypeScript file with its length in lines. */
export function functionSizes({ path, text }: SourceFile): FunctionSize[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: FunctionSize[] = [];
  visit(source, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    found.push({ place: `${path}:${first + 1} ${node.name?.getText() ?? ''}`.trim(), path, lines: last - first + 1 });
  });
  return found;
}

/** Places of `as SomeType` without a comment on the line (or, where the line is full, on the one above) that says why. */
export function castsWithoutReason({ path, text }: SourceFile): string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = text.split('\n');
  const found: string[] = [];
  visit(source, (node) => {
    if (!ts.isAsExpression(node) || node.type.getText() === 'const') return;
    const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    const around = lines.slice(Math.max(0, first - 1), last + 1).join('\n');
    if (!/\/\/ |\/\*\* |\*\//.test(around)) found.push(`${path}:${last + 1} ${lines[last]?.trim() ?? ''}`);
  });
  return found;
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => {
    visit(child, see);
  });
}
