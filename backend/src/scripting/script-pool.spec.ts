import { afterAll, describe, expect, it } from 'vitest';

import { ScriptPool } from './script-pool.js';
import { call, ENDLESS, outcome, sentence, SLOW_LATER, TENANT, TO_THE_END } from './script-calls.testing.js';

const pool = new ScriptPool({ workers: 1 });
afterAll(() => pool.close());

const run = async (source: string, given: Parameters<typeof call>[1] = {}) =>
  (await pool.run(TENANT, [call(source, given)], TO_THE_END))[0];

describe('a script', () => {
  it('is a function body that sees the message, its metadata and its type', async () => {
    const result = await run('return { msg: msg, metadata: metadata, msgType: msgType };', {
      msg: { temperature: 25.5, tags: ['a', null] },
      metadata: { deviceName: 'Thermostat A1' },
    });
    expect(outcome(result)).toEqual({
      msg: { temperature: 25.5, tags: ['a', null] },
      metadata: { deviceName: 'Thermostat A1' },
      msgType: 'POST_TELEMETRY_REQUEST',
    });
  });

  it('has the built-ins that scripts for ThingsBoard use', async () => {
    const source = `return [JSON.stringify({ a: 1 }), Math.max(1, 2), new Date(0).toISOString(), parseInt('7f', 16), parseFloat('1.5'),
      isNaN(NaN), encodeURIComponent('ä'), 'a,b'.split(','), [1, 2].map(function (x) { return x * 2; }), /b+/.exec('abbc')[0],
      String.fromCharCode(65), new Uint8Array([1, 2])[1], Object.keys({ k: 1 })];`;
    const values = [
      '{"a":1}',
      2,
      '1970-01-01T00:00:00.000Z',
      127,
      1.5,
      true,
      '%C3%A4',
      ['a', 'b'],
      [2, 4],
      'bb',
      'A',
      2,
      ['k'],
    ];
    expect(outcome(await run(source))).toEqual(values);
  });

  it('may forget `var`, as sloppy JavaScript allows', async () => {
    expect(outcome(await run('for (i = 0; i < 3; i++) total = i; return total;'))).toBe(2);
  });

  it('may write over names that objects inherit', async () => {
    expect(outcome(await run('var out = {}; out.constructor = 1; out.toString = 2; return out;'))).toEqual({
      constructor: 1,
      toString: 2,
    });
    expect(
      sentence(
        await run('class Odd extends Error { constructor(m) { super(m); this.name = "Odd"; } } throw new Odd("no");'),
      ),
    ).toContain('Odd: no');
  });

  it('keeps every character, also NUL, lone surrogates and emoji', async () => {
    const text = 'Grüße \u0000 \ud83d\ude80 \ud800 日本 \u2028 "\\';
    expect(
      outcome(await run(`return [msg.text, metadata.text, '\u{1f680}ß'];`, { msg: { text }, metadata: { text } })),
    ).toEqual([text, text, '\u{1f680}ß']);
  });

  it('that returns nothing is told from one that returns null', async () => {
    const results = await pool.run(TENANT, [call('return;'), call('return null;'), call('msg.a = 1;')], SLOW_LATER);
    expect(results).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: null },
      { ok: true, value: undefined },
    ]);
  });
});

describe('a run', () => {
  it('answers in the order of its calls, whatever their scripts', async () => {
    const calls = Array.from({ length: 1000 }, (_, index) =>
      call(index % 3 === 0 ? 'return msg.n * 2;' : 'return msg.n;', { msg: { n: index } }),
    );
    const results = await pool.run(TENANT, calls, SLOW_LATER);
    expect(results.map(outcome)).toEqual(calls.map((_, index) => (index % 3 === 0 ? index * 2 : index)));
  });

  it('of nothing is nothing', async () => {
    expect(await pool.run(TENANT, [], SLOW_LATER)).toEqual([]);
  });

  it('over the soft limit is answered slow, and so is the rest of the same script; other scripts are not held up', async () => {
    const results = await pool.run(
      TENANT,
      [call('return 1;'), call(ENDLESS), call('return 2;'), call(ENDLESS)],
      SLOW_LATER,
    );
    expect(results.map(outcome)).toEqual([1, 'slow', 2, 'slow']);
  });

  it('may say that nobody waits: then a script has its hard limit, and each message its own chance', async () => {
    const source = 'if (msg.loop) while (true) {} return "done";';
    const calls = [true, false, true].map((loop) => call(source, { msg: { loop } }));
    const results = await pool.run(TENANT, calls, TO_THE_END);
    expect(results.map(outcome)).toEqual(['script-timeout', 'done', 'script-timeout']);
    expect(sentence(results[0])).toContain('150 ms');
  });

  it('beyond what one tenant may have waiting is refused and may be tried again', async () => {
    const results = await pool.run(TENANT, new Array(10_001).fill(call('var one = 1; return one;')), SLOW_LATER);
    expect(results).toHaveLength(10_001);
    expect(results[0]).toMatchObject({ ok: false, failure: { code: 'script-queue-full', retryable: true } });
  });

  it('ends with a failure that may be tried again when the pool is closed', async () => {
    const closing = new ScriptPool({ workers: 1 });
    const underWay = closing.run(TENANT, [call(ENDLESS)], TO_THE_END);
    await closing.close();
    expect(await underWay).toMatchObject([{ ok: false, failure: { code: 'script-unavailable', retryable: true } }]);
    expect(await closing.run(TENANT, [call('return 1;')], SLOW_LATER)).toMatchObject([
      { ok: false, failure: { code: 'script-unavailable' } },
    ]);
  });
});

describe('a failure', () => {
  it('of a script names what was thrown and the line in the script', async () => {
    const result = await run('var a = 1;\n\nreturn msg.missing.deeper;');
    expect(outcome(result)).toBe('script-error');
    expect(sentence(result)).toBe(
      "The script failed at line 3: TypeError: cannot read property 'deeper' of undefined. Correct the script, or check that the message holds what it reads.",
    );
  });

  it.each([
    ['throw new Error("valve stuck");', 'Error: valve stuck'],
    ['throw "text";', 'text'],
    ['throw { code: 7 };', '{"code":7}'],
    ['throw null;', 'null'],
    ['throw { get message() { throw 1; }, toJSON() { throw 2; } };', 'something that cannot be shown'],
    ['throw "x".repeat(1e6);', 'x'.repeat(1000)],
  ])('shows what %s throws', async (source, shown) => {
    const result = await run(source);
    expect(outcome(result)).toBe('script-error');
    expect(sentence(result)).toContain(shown);
    expect(sentence(result)?.length).toBeLessThan(1_200);
  });

  it.each([
    ['return function () {};', 'a function'],
    ['return Symbol("s");', 'a symbol'],
    ['return 10n;', 'a BigInt'],
    ['return { a: 10n };', 'BigInt'],
    ['var a = {}; a.a = a; return a;', 'contains itself'],
    ['return Promise.resolve(1);', 'a promise'],
    ['return (async function () { return 1; })();', 'a promise'],
    ['return { toJSON: function () {} };', 'turns itself into nothing'],
  ])('tells that %s is not JSON', async (source, what) => {
    const result = await run(source);
    expect(outcome(result)).toBe('script-result');
    expect(sentence(result)).toContain(what);
  });

  it('of a huge result names both sizes', async () => {
    const result = await run('return "x".repeat(2000000);');
    expect(outcome(result)).toBe('script-result-too-large');
    expect(sentence(result)).toContain('2000002');
  });

  it("of a message that is nested too deeply is the message's, and the next one runs", async () => {
    let msg: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth++) msg = [msg];
    // An array of arrays is JSON.
    const results = await pool.run(
      TENANT,
      [call('var one = 1; return one;', { msg: msg as [] }), call('return 2;')],
      SLOW_LATER,
    );
    expect(results.map(outcome)).toEqual(['script-input', 2]);
  });

  it('of TBEL that is no JavaScript says so; TBEL that is JavaScript runs', async () => {
    expect(outcome(await run('return msg.temperature > 20;', { msg: { temperature: 21 }, language: 'TBEL' }))).toBe(
      true,
    );
    const result = await run('var sum = 0;\nforeach (x : msg.values) { sum += x; }\nreturn sum;', { language: 'TBEL' });
    expect(outcome(result)).toBe('script-syntax');
    expect(sentence(result)).toMatch(
      /^This script is TBEL and uses syntax that JavaScript does not know at line 2: .* Rewrite that part as JavaScript/u,
    );
  });
});

describe('a check', () => {
  it('tells where a script does not compile, and runs nothing', async () => {
    expect(await pool.check('return 1;', 'JS')).toBeNull();
    expect(await pool.check('while (true) {}', 'JS')).toBeNull();
    expect(await pool.check('var a = 1;\nvar b = ;', 'JS')).toEqual({
      message: "unexpected token in expression: ';'",
      line: 2,
      column: 9,
    });
  });

  it.each(['}); while (true) {} (function () {', '}); throw 1; (function () {', '}; {', '}', '} + function () {'])(
    'is not deceived by a script that closes its function: %s',
    async (source) => {
      expect(await pool.check(source, 'JS')).toMatchObject({ message: expect.any(String) });
    },
  );

  it('refuses a script that is too long', async () => {
    expect(await pool.check(`return '${'x'.repeat(70_000)}';`, 'JS')).toMatchObject({
      message: expect.stringContaining('65536 are allowed'),
    });
    expect(outcome(await run(`return '${'x'.repeat(70_000)}';`))).toBe('script-too-long');
  });
});
