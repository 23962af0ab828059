import { expect, it } from 'vitest';

import { tbelOnlySyntax } from './tbel.js';

it.each([
  'foreach (x : list) {}',
  'for (var x : list) {}',
  'return msg.?temperature;',
  'var m = new java.util.HashMap();',
  'return list contains "a";',
  'def twice(x) { return x * 2; }',
  'var big = 10L;',
  'var m = [:];',
  'raiseError("no");',
])('finds TBEL in: %s', (script) => {
  expect(tbelOnlySyntax(script)).toHaveLength(1);
});

it.each([
  'return msg.temperature > 20;',
  'for (const x of list) {}',
  'return a ? .5 : msg?.x;',
  'return \'foreach (x : list) contains "a" 10L\';',
  '// foreach (x : list)\nreturn 1;',
  'function hexToBytes(x) { return x; } return hexToBytes("00");',
  'return list.contains("x") && msg.raiseError("y");',
  'for (let i = 0; i < 0x1F; i++) { a = b ? c : d; }',
])('takes for JavaScript: %s', (script) => {
  expect(tbelOnlySyntax(script)).toEqual([]);
});
