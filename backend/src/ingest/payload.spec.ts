import { expect, it } from 'vitest';

import { parseAttributes, parseTelemetry, PayloadError } from './payload.js';

const NOW = 1_700_000_000_000;
const telemetry = (body: unknown) =>
  parseTelemetry(typeof body === 'string' ? body : JSON.stringify(body), NOW).map(({ ts, data }) => ({
    ts,
    values: JSON.parse(data) as unknown,
  }));

it('reads plain values as of now', () => {
  expect(telemetry({ temperature: 21.5, open: true, name: 'x', gps: { lat: 1 } })).toEqual([
    { ts: NOW, values: { temperature: 21.5, open: true, name: 'x', gps: { lat: 1 } } },
  ]);
});

it('reads values with a time, and arrays of either, one message for each', () => {
  expect(telemetry([{ ts: 1, values: { a: 1 } }, { b: 2 }, { ts: 3, values: { c: [1, 2] } }])).toEqual([
    { ts: 1, values: { a: 1 } },
    { ts: NOW, values: { b: 2 } },
    { ts: 3, values: { c: [1, 2] } },
  ]);
});

it('takes "ts" without "values" for a value of that name', () => {
  expect(telemetry({ ts: 5 })).toEqual([{ ts: NOW, values: { ts: 5 } }]);
});

it('leaves nulls out and makes numbers of strings that are written like them', () => {
  expect(telemetry({ gone: null, n: '12.5', zeros: '0012', exponent: '1e3', text: 'warm', kept: 0 })).toEqual([
    { ts: NOW, values: { n: 12.5, zeros: '0012', exponent: '1e3', text: 'warm', kept: 0 } },
  ]);
});

it.each([
  ['{"temperature": ', 'not JSON'],
  ['', 'not JSON'],
  ['"text"', 'The body must be a JSON object'],
  ['[]', 'The array is empty'],
  ['{}', 'The body holds no values'],
  ['{"a": null}', 'The body holds no values'],
  ['[{"a": 1}, 5]', 'Item 1 must be a JSON object'],
  ['{"ts": "yesterday", "values": {"a": 1}}', '"ts" of the body must be a whole number'],
  ['{"ts": -1, "values": {"a": 1}}', '"ts" of the body must be a whole number'],
  ['{"ts": 1, "values": 5}', '"values" of the body must be a JSON object'],
  ['{"": 1}', 'has a key that is empty'],
  [String.raw`{"a": "\u0000"}`, 'NUL character'],
])('refuses %s and says why', (body, reason) => {
  expect(() => parseTelemetry(body, NOW)).toThrow(PayloadError);
  expect(() => parseTelemetry(body, NOW)).toThrow(reason);
});

it('reads attributes as one object', () => {
  expect(parseAttributes('{"firmware": "1.0.2"}', NOW)).toEqual([
    { type: 'POST_ATTRIBUTES_REQUEST', ts: NOW, data: '{"firmware":"1.0.2"}' },
  ]);
  expect(() => parseAttributes('[{"a": 1}]', NOW)).toThrow('must be a JSON object');
});
