import { afterAll, describe, expect, it } from 'vitest';

import { ScriptPool } from './script-pool.js';
import { call, OTHER_TENANT, outcome, SLOW_LATER, TENANT } from './script-calls.testing.js';

const pool = new ScriptPool({ workers: 1 });
afterAll(() => pool.close());

const run = async (tenantId: string, ...sources: string[]): Promise<unknown[]> =>
  (
    await pool.run(
      tenantId,
      sources.map((source) => call(source)),
      SLOW_LATER,
    )
  ).map(outcome);

/** Each leaves something where it can, then tells what it sees; seen twice the same means that nothing was left. */
const TRACES: readonly (readonly [string, string])[] = [
  ['a forgotten var', 'var seen = typeof leak; leak = 1; return seen;'],
  ['a global property', 'var seen = typeof globalThis.leak; globalThis.leak = { a: 1 }; return seen;'],
  ['`this`', 'var seen = typeof this.leak; this.leak = 1; return seen;'],
  [
    'a property that cannot be deleted',
    'var seen = typeof leak; Object.defineProperty(this, "leak", { value: [] }); return seen;',
  ],
  [
    'a global object that takes no more',
    'var seen = String(Object.isExtensible(this)); Object.freeze(this); return seen;',
  ],
  [
    'another prototype of the global object',
    'var seen = typeof leak; Object.setPrototypeOf(this, { leak: 1, JSON: JSON, Object: Object }); return seen;',
  ],
  ['Object.prototype', 'var seen = typeof ({}).leak; Object.prototype.leak = 1; return seen;'],
  [
    'Object.prototype, defined',
    'var seen = typeof ({}).leak; try { Object.defineProperty(Object.prototype, "leak", { value: 1 }); } catch (e) {} return seen;',
  ],
  [
    'Object.prototype.toString',
    'var seen = String({}); Object.prototype.toString = function () { return "leak"; }; return seen;',
  ],
  [
    'Array.prototype',
    'var seen = typeof [].leak; Array.prototype.leak = 1; Array.prototype.map = null; return seen + typeof [].map;',
  ],
  ['JSON', 'var seen = JSON.stringify([1]); JSON.stringify = function () { return "leak"; }; JSON = 1; return seen;'],
  ['Math', 'var seen = typeof Math.leak; Math.leak = 1; return seen;'],
  ["a function's prototype", 'var seen = typeof (function () {}).leak; Function.prototype.leak = 1; return seen;'],
  [
    "an iterator's prototype",
    'var p = Object.getPrototypeOf([][Symbol.iterator]()); var seen = typeof p.leak; p.leak = 1; return seen;',
  ],
  [
    "a generator's prototype",
    'var p = Object.getPrototypeOf(function* () {}); var seen = typeof p.leak; p.leak = 1; return seen;',
  ],
  [
    'the function itself',
    'var self = arguments.callee; var seen = typeof self.leak; self.leak = 1; self.prototype.leak = 1; return seen + typeof self.prototype.leak;',
  ],
  ["a template's strings", 'function tag(s) { var seen = typeof s.leak; s.leak = 1; return seen; } return tag`a`;'],
  [
    'Error',
    'var seen = typeof Error.leak; Error.leak = 1; Error.prepareStackTrace = function () { leak(); }; return seen;',
  ],
  ["a promise's reaction", 'var seen = typeof leak; Promise.resolve().then(function () { leak = 1; }); return seen;'],
];

describe('nothing of a call is seen by the next', () => {
  it.each(TRACES)('%s', async (_, source) => {
    const [first, second] = await run(TENANT, source, source);
    expect(first).not.toMatch(/^script-/u);
    expect(second).toBe(first);
    expect(await run(OTHER_TENANT, source)).toEqual([first]);
  });

  it("message and metadata are copies of each call's own", async () => {
    const shared = call(
      'msg.list.push(1); metadata.n = metadata.n + "!"; metadata.more = {}; return [msg.list.length, metadata.n];',
      {
        msg: { list: [0] },
        metadata: { n: '1' },
      },
    );
    const results = await pool.run(TENANT, [shared, shared], SLOW_LATER);
    expect(results.map(outcome)).toEqual([
      [2, '1!'],
      [2, '1!'],
    ]);
    expect([shared.msg, shared.metadata]).toEqual([{ list: [0] }, { n: '1' }]);
  });

  it('metadata named like something inherited stays metadata', async () => {
    const metadata = JSON.parse('{"__proto__": "a", "constructor": "b", "toString": "c"}') as Record<string, string>; // text only
    const [result] = await pool.run(
      TENANT,
      [call('return [Object.keys(metadata), metadata.constructor];', { metadata })],
      SLOW_LATER,
    );
    expect(outcome(result)).toEqual([['__proto__', 'constructor', 'toString'], 'b']);
  });

  it('because no object that outlives a call can be changed', async () => {
    const walk = `
      var samples = [globalThis, [][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g),
        async function () {}, async function* () {}, function* () {}, new Float16Array(1),
        [].values().map(function (x) { return x; }), Iterator.from({ next: function () { return { done: true }; } }), 1n, Symbol.iterator, true, 1];
      var todo = samples.map(function (s) { return s === globalThis ? Object.getPrototypeOf(s) : Object.getPrototypeOf(Object(s)); });
      todo.push(arguments.callee, arguments.callee.prototype);
      var seen = new Set([globalThis]), open = [], count = 0;
      while (todo.length) {
        var o = todo.pop();
        if (o === null || (typeof o !== 'object' && typeof o !== 'function') || seen.has(o)) continue;
        seen.add(o); count++;
        if (!Object.isFrozen(o)) open.push(String(o.name || Object.getOwnPropertyNames(o)));
        todo.push(Object.getPrototypeOf(o));
        Reflect.ownKeys(o).forEach(function (k) { var d = Reflect.getOwnPropertyDescriptor(o, k); todo.push(d.value, d.get, d.set); });
      }
      return { open: open, many: count > 500 };`;
    expect(await run(TENANT, walk)).toEqual([{ open: [], many: true }]);
  });
});
