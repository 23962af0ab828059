import type { Json, ScriptCall } from '@signalpost/rule-nodes/runtime';
import { beforeAll, expect, it } from 'vitest';

import { NOT_PLAIN, readPlainScript } from './plain-script.js';
import { Sandbox } from './sandbox.js';

const call = (source: string, msg: Json): ScriptCall => ({
  messageId: 'm',
  source,
  language: 'JS',
  msg,
  metadata: { deviceName: 'Thermostat A1', ts: '1700000000000', empty: '' },
  msgType: 'POST_TELEMETRY_REQUEST',
});
const plainly = (source: string, msg: Json = {}) => readPlainScript(source)?.(call(source, msg)) ?? null;

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.create();
});
/** What QuickJS makes of it. */
function inSandbox(source: string, msg: Json): { readonly value: Json | undefined } | null {
  const { metadata, msgType } = call(source, msg);
  const answer = sandbox.call({ source, language: 'JS' }, JSON.stringify([msg, metadata, msgType]), 1000);
  if (answer.kind !== 'value') return null;
  return { value: answer.json === null ? undefined : (JSON.parse(answer.json) as Json) };
}

it.each([
  ['return msg.temperature > 80;', { temperature: 81 }, true],
  ['return msg.temperature > 80', { temperature: 80 }, false],
  [
    "return msg.mode == 'on' && !(msg.count <= 3 || metadata.deviceName != 'Thermostat A1');",
    { mode: 'on', count: 4 },
    true,
  ],
  ['return msg.celsius * 1.8 + 32 >= 100;', { celsius: 40 }, true],
  [
    'return { id: msg.id, "temperature": msg.inner.t, none: msg.none };',
    { id: 7, inner: { t: 90 } },
    { id: 7, temperature: 90 },
  ],
  ['return msgType === "POST_TELEMETRY_REQUEST";', {}, true],
])('runs %s', (source, msg, value) => {
  expect(plainly(source, msg)).toEqual(value);
});

it.each([
  'var a = 1; return a;',
  'return msg.items.length;',
  'return msg.temperature > 80 ? 1 : 2;',
  'return Math.max(msg.a, msg.b);',
  'return msg["a"];',
  'return msg.a; msg.b = 1;',
  'return\n msg.a;',
  'return msg.a\u2028;',
  'return msg.a <!--msg.b;',
  'return msg.a--msg.b;',
  'return 010;',
  'return 1e3;',
  "return 'it\\'s';",
  'return /a/.test(msg.a);',
  'return {__proto__: msg};',
  'return constructor;',
  'return undefined;',
  'msg.a',
  '',
  `return ${'!'.repeat(600)}msg.a;`,
])('leaves %s to the sandbox', (source) => {
  const script = readPlainScript(source);
  if (script !== null) expect(script(call(source, { items: [1], a: 1 }))).toBe(NOT_PLAIN);
});

it.each([
  ['return msg.a.b;', {}],
  ['return msg.toString;', {}],
  ['return msg.__proto__;', {}],
  ['return msg.a == msg.b;', { a: {}, b: 'x' }],
  ['return msg.a + msg.b;', { a: '1', b: 2 }],
  ['return msg.a / msg.b;', { a: 1, b: 0 }],
  ['return msg.a * msg.b;', { a: -1, b: 0 }],
  ['return msg;', { a: 1 }],
  ['return msg.length;', 'text'],
] as [string, Json][])('leaves %s of such a message to the sandbox', (source, msg) => {
  expect(plainly(source, msg)).toBe(NOT_PLAIN);
});

/** The same choices in each run. */
function choices(seed: number): <T>(of: readonly T[]) => T {
  let state = seed;
  return (of) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    const chosen = of[(state >> 8) % of.length];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  };
}
const VALUES: readonly Json[] = [0, 1, -3, 80.5, 1e21, '', '0', 'on', '80', true, false, null, [1], { b: 2 }, 'ü"\\'];
const ATOMS = [
  'msg.a',
  'msg.b',
  'msg.c.b',
  'msg.none',
  'metadata.ts',
  'metadata.empty',
  'msgType',
  '0',
  '80.5',
  '"on"',
  "''",
  'true',
  'false',
  'null',
];
const OPERATORS = ['===', '!==', '==', '!=', '<', '<=', '>', '>=', '&&', '||', '+', '-', '*', '/', '%'];
function expression(choose: ReturnType<typeof choices>, depth: number): string {
  if (depth === 0) return choose(ATOMS);
  const inner = () => expression(choose, depth - choose([1, depth]));
  return choose([
    () => `${inner()} ${choose(OPERATORS)} ${inner()}`,
    () => `(${inner()} ${choose(OPERATORS)} ${inner()})`,
    () => `!${choose(ATOMS)}`,
    () => `- ${choose(ATOMS)}`,
    () => inner(),
  ])();
}

it('answers as QuickJS does, whatever it takes on', () => {
  const choose = choices(42);
  let taken = 0;
  for (let index = 0; index < 4000; index += 1) {
    const body = expression(choose, choose([1, 2, 3, 4]));
    const source = choose([
      `return ${body};`,
      `return ${body}`,
      `return { x: ${choose(ATOMS)}, x: ${body}, y: msg.a };`,
    ]);
    const msg = { a: choose(VALUES), b: choose(VALUES), c: choose(VALUES) };
    const value = readPlainScript(source)?.(call(source, msg)) ?? null;
    const script = readPlainScript(source);
    if (script === null || value === NOT_PLAIN) continue;
    taken += 1;
    expect({ source, msg, value: script(call(source, msg)) }).toEqual({ source, msg, ...inSandbox(source, msg) });
  }
  expect(taken).toBeGreaterThan(1000);
});
