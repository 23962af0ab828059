import { expect, it } from 'vitest';

import { telemetry } from '../testing/chain-builder.js';
import { needsJson, parseTemplate } from './template.js';

const message = telemetry(
  { t: 21.5, on: true, nothing: null, deep: { a: { b: 'text' } }, list: [1] },
  { metadata: { name: 'A1', 'a.b': 'dotted', sly: '${name} $[t] ${*}', empty: '' } },
);
const fill = (template: string) => parseTemplate(template)(message);

it.each([
  ['no placeholder', 'no placeholder'],
  ['', ''],
  ['${name}', 'A1'],
  ['Device ${name}: $[t] °C', 'Device A1: 21.5 °C'],
  ['${a.b}', 'dotted'],
  ['[${empty}]', '[]'],
  ['$[deep.a.b]', 'text'],
  ['$[on] $[nothing]', 'true null'],
  ['$[deep.a]', '$[deep.a]'],
  ['$[list]', '$[list]'],
  ['$[list.0]', '$[list.0]'],
  ['$[missing] ${missing}', '$[missing] ${missing}'],
  ['${ name }', '${ name }'],
  ['$[toString] ${constructor}', '$[toString] ${constructor}'],
  ['${${name}}', '${A1}'],
  ['$ {name} $', '$ {name} $'],
])('fills "%s" to "%s"', (template, expected) => {
  expect(fill(template)).toBe(expected);
});

it('gives all metadata and all data as JSON', () => {
  expect(JSON.parse(fill('${*}'))).toEqual(message.metadata);
  expect(JSON.parse(fill('$[*]'))).toEqual(message.data);
});

it('never reads substituted values as templates', () => {
  expect(fill('${sly}')).toBe('${name} $[t] ${*}');
});

it('encodes values and leaves the template alone', () => {
  expect(parseTemplate('<b>${name}</b>')(message, (value) => `(${value})`)).toBe('<b>(A1)</b>');
});

it('tells whether a template reads data', () => {
  expect([needsJson('${name}'), needsJson('$[t]')]).toEqual([false, true]);
});
