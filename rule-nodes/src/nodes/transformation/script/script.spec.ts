import { expect, it } from 'vitest';

import { telemetry } from '../../../testing/chain-builder.js';
import { runOnce } from '../../../testing/run-node.js';

const message = telemetry({ t: 1 }, { metadata: { a: 'x' } });
const run = (jsScript: string) => runOnce('transformation/script', { jsScript }, message);
const emitted = async (script: string) => {
  const outcome = await run(script);
  return outcome.kind === 'emitted' ? outcome.emissions.map(({ message: each }) => each) : outcome;
};

it('changes data, metadata and type', async () => {
  expect(await emitted("return {msg: {n: msg.t + 1}, metadata: {b: 'y'}, msgType: 'NEW'};")).toEqual([
    { ...message, data: { n: 2 }, metadata: { b: 'y' }, type: 'NEW' },
  ]);
});

it.each([
  ['return {};', {}],
  ['return {msg: {}};', { data: {} }],
  ["return {msgType: 'NEW'};", { type: 'NEW' }],
  ['return {metadata: {}};', { metadata: {} }],
  ['return {msg: null};', { data: null }],
])('keeps what is left out: %s', async (script, change) => {
  expect(await emitted(script)).toEqual([{ ...message, ...change }]);
});

it('turns metadata into texts and leaves null out', async () => {
  expect(
    await emitted(
      'metadata.n = 90; metadata.f = 1.5; metadata.b = true; metadata.o = {k: 1}; metadata.z = null; return {metadata};',
    ),
  ).toMatchObject([{ metadata: { a: 'x', n: '90', f: '1.5', b: 'true', o: '{"k":1}' } }]);
  expect(await emitted('return {metadata: {z: null}};')).toMatchObject([{ metadata: {} }]);
});

it('makes several messages of an array, and none of an empty one', async () => {
  expect(await emitted('return [{msg: 1}, {msg: 2}];')).toMatchObject([{ data: 1 }, { data: 2 }]);
  expect(await run('return [];')).toEqual({ kind: 'emitted', emissions: [] });
});

it('makes JSON of a text message whose data is replaced', async () => {
  const text = { ...message, dataType: 'TEXT' as const, data: 'raw' };
  const outcome = await runOnce('transformation/script', { jsScript: 'return {msg: {text: msg}};' }, text);
  expect(outcome).toMatchObject({ emissions: [{ message: { dataType: 'JSON', data: { text: 'raw' } } }] });
});

it.each(['return 1;', "return 'x';", 'return null;', 'msg.t;', 'return [1];', 'return {metadata: 1};'])(
  'fails on a wrong answer: %s',
  async (script) => {
    expect(await run(script)).toMatchObject({ kind: 'failed', message, failure: { code: 'script-result' } });
  },
);
