import { expect, it } from 'vitest';
import type { ImportedNode } from '../../core/api/models';
import { countsOf, worstFirst } from './import-report';

function node(name: string, level: ImportedNode['level']): ImportedNode {
  return { name, level, type: 'T', notes: [] };
}

const REPORT = {
  nodes: [node('a', 'ok'), node('b', 'warning'), node('c', 'error'), node('d', 'ok'), node('e', 'info')],
};

it('shows what needs a person first and keeps the order of the file within a level', () => {
  expect(worstFirst(REPORT).map(({ name }) => name)).toEqual(['c', 'b', 'e', 'a', 'd']);
});

it('counts the levels that occur', () => {
  expect(countsOf(REPORT)).toEqual([
    { level: 'error', count: 1 },
    { level: 'warning', count: 1 },
    { level: 'info', count: 1 },
    { level: 'ok', count: 2 },
  ]);
  expect(countsOf({ nodes: [node('a', 'ok')] })).toEqual([{ level: 'ok', count: 1 }]);
});
