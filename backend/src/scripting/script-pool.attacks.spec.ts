import { afterAll, describe, expect, it } from 'vitest';

import { ScriptPool } from './script-pool.js';
import {
  call,
  ENDLESS,
  OTHER_TENANT,
  outcome,
  SLOW_LATER,
  TENANT,
  TO_THE_END,
  UNSTOPPABLE,
} from './script-calls.testing.js';

const pool = new ScriptPool({ workers: 1 });
afterAll(() => pool.close());

/** Whatever the attack did: the same tenant's and another tenant's next calls run. */
async function attack(source: string): Promise<unknown> {
  const [result] = await pool.run(TENANT, [call(source)], TO_THE_END);
  const next = await Promise.all(
    [TENANT, OTHER_TENANT].map((tenant) => pool.run(tenant, [call('return "alive";')], TO_THE_END)),
  );
  expect(next.flat().map(outcome)).toEqual(['alive', 'alive']);
  return outcome(result);
}

describe('what does not end is stopped', () => {
  it.each([
    ['a loop', ENDLESS],
    [
      'a loop that catches everything',
      'while (true) { try { while (true) {} } catch (e) {} finally { while (true) {} } }',
    ],
    ['a regular expression that backtracks', '/(a+)+$/.test("a".repeat(40) + "b");'],
    ['a comparator', '[3, 2, 1].sort(function () { while (true) {} });'],
    ['a result that never ends being made', 'return { toJSON: function () { while (true) {} } };'],
    [
      'an error that never ends being shown',
      'throw { toString: function () { while (true) {} }, toJSON: function () { while (true) {} } };',
    ],
    ['a getter of the result', 'return { get a() { while (true) {} } };'],
    ['native code that does not look at the clock', UNSTOPPABLE],
  ])('%s', async (_, source) => {
    expect(await attack(source)).toBe('script-timeout');
  });
});

describe('what takes all memory is stopped', () => {
  it.each([
    ['one huge array', 'return new Array(1e8).fill(1).length;'],
    ['one huge buffer', 'return new Uint8Array(1e9).length;'],
    ['an array of arrays', 'var a = []; while (true) a.push(new Array(10000).fill(1));'],
    ['strings', 'var a = []; while (true) a.push("x".repeat(1e6) + a.length);'],
    ['a Map', 'var m = new Map(), i = 0; while (true) m.set(i++, "x".repeat(10000) + i);'],
    [
      'arrays, again after catching',
      'var a = []; while (true) { try { while (true) a.push(new Array(100000).fill(1)); } catch (e) { if (a.length > 20) throw e; } }',
    ],
  ])('%s', async (_, source) => {
    expect(await attack(source)).toBe('script-memory');
  });

  it('a string doubled for ever', async () => {
    expect(await attack('var s = "x"; while (true) s += s;')).toBe('script-error');
  });

  it('recursion', async () => {
    expect(await attack('function f() { return f() + 1; } return f();')).toBe('script-error');
  });

  it('a nest that only JSON sees', async () => {
    expect(await attack('var a = []; for (var i = 0; i < 3e3; i++) a = [a]; return a;')).toBe('script-result');
  });

  it('promises that nobody awaits', async () => {
    expect(
      await attack('for (var i = 0; i < 1000; i++) Promise.resolve().then(function () { while (true) {} }); return 1;'),
    ).toBe(1);
  });
});

describe('the host is out of reach', () => {
  it.each([
    'return this.constructor.constructor("return process")();',
    'return Function("return process.env")();',
    'return globalThis.constructor.constructor("return require")()("fs");',
    'return (function* () {}).constructor("return process")().next().value;',
    'return eval("1");',
    'return import("node:fs");',
    'return fetch("http://127.0.0.1");',
    'return console.log(1);',
    'return msg.constructor.constructor("return globalThis.process.version")();',
  ])('%s', async (source) => {
    expect(await attack(source)).toMatch(/^script-(error|result)$/u);
  });

  it("no global of Node, of a browser or of QuickJS's own library is there", async () => {
    const names = [
      'process',
      'require',
      'module',
      'Buffer',
      'global',
      'setTimeout',
      'queueMicrotask',
      'WebAssembly',
      'Atomics',
      'std',
      'os',
      'print',
      'scriptArgs',
      'eval',
    ];
    const [result] = await pool.run(
      TENANT,
      [call(`return [${names.map((name) => `typeof ${name}`).join()}];`)],
      SLOW_LATER,
    );
    expect(outcome(result)).toEqual(names.map(() => 'undefined'));
  });
});
