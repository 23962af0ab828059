/**
 * What runs inside a new sandbox before any script of a tenant: JavaScript text, because it must reach QuickJS as it stands.
 *
 * A sandbox serves many calls, so nothing that a call does may be seen by the next one:
 * - built-in objects are frozen. Properties that plain objects and errors inherit become accessors that define an own property
 *   when written, since writing over an inherited read-only property would otherwise be lost without a word (`out.constructor = …`).
 * - built-ins move from the global object to its frozen prototype, so that the global object is empty but for three constants.
 *   What a call leaves there (a forgotten `var`) is then cheap to find and to remove after each call.
 * - `eval` is gone: its `let` would outlive the call. `Function` stays: what it makes lives in the call alone.
 *
 * The value of this text is `{ call(fn, text), seal(fn) }`. `call` answers `clean flag + tag + rest`:
 * ` ` clean or `!` something is left that cannot be removed; `v` JSON, `u` undefined, `r` what was returned instead of JSON,
 * `e` JSON of `[name, message, line]` of what was thrown.
 */
export const SANDBOX_PRELUDE = String.raw`(function () {
  'use strict';
  const { ownKeys, getOwnPropertyDescriptor: describe, getPrototypeOf, setPrototypeOf, defineProperty, deleteProperty, isExtensible } = Reflect;
  const { Object, Error, TypeError, Promise, String } = globalThis;
  const { freeze } = Object;
  const { parse, stringify } = JSON;
  const exec = Function.prototype.call.bind(RegExp.prototype.exec);
  const slice = Function.prototype.call.bind(String.prototype.slice);
  const text = (value) => slice(String(value), 0, 1000);
  const global = globalThis;
  delete global.eval;

  function hidden() {
    const samples = [
      [][Symbol.iterator](), new Map().entries(), new Set().values(), ''[Symbol.iterator](), 'a'.matchAll(/a/g),
      (function* () {})(), (async function () {})(), (async function* () {})(), function () {}, function* () {}, async function () {}, async function* () {},
      new Int8Array(1), [].values().map((x) => x), Iterator.from({ next() { return { done: true }; } }), Symbol.iterator, 1n, 1, true,
    ];
    return samples.map((sample) => getPrototypeOf(Object(sample)));
  }

  function overridable(holder) {
    for (const key of ownKeys(holder)) {
      const property = describe(holder, key);
      if (!property.configurable || !('value' in property)) continue;
      const value = property.value;
      defineProperty(holder, key, {
        enumerable: false, configurable: false,
        get() { return value; },
        set(next) {
          if (this !== holder && Object(this) === this) defineProperty(this, key, { value: next, writable: true, enumerable: true, configurable: true });
        },
      });
    }
  }

  function freezeAll(roots) {
    const seen = new Set([global]);
    const todo = [...roots];
    const add = (value) => {
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') todo.push(value);
    };
    while (todo.length > 0) {
      const holder = todo.pop();
      if (seen.has(holder)) continue;
      seen.add(holder);
      add(getPrototypeOf(holder));
      for (const key of ownKeys(holder)) {
        const property = describe(holder, key);
        add(property.value); add(property.get); add(property.set);
      }
      freeze(holder);
    }
  }

  const inherited = hidden();
  const errors = ['Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError', 'InternalError', 'AggregateError'];
  const overridden = [Object.prototype, ...errors.map((name) => global[name].prototype)];
  const builtIns = Object.create(Object.prototype);
  for (const key of ownKeys(global)) {
    const property = describe(global, key);
    if (!property.configurable) continue;
    defineProperty(builtIns, key, { ...property, enumerable: false });
    deleteProperty(global, key);
  }
  setPrototypeOf(global, builtIns);
  overridden.forEach(overridable);
  freezeAll([builtIns, ...inherited]);

  const constants = ownKeys(global).length;
  function cleaned() {
    if (ownKeys(global).length !== constants)
      for (const key of ownKeys(global)) if (describe(global, key).configurable) deleteProperty(global, key);
    return ownKeys(global).length === constants && getPrototypeOf(global) === builtIns && isExtensible(global);
  }

  function answer(result) {
    if (result === undefined) return 'u';
    if (typeof result === 'function') return 'ra function';
    if (typeof result === 'symbol') return 'ra symbol';
    if (typeof result === 'bigint') return 'ra BigInt';
    if (result instanceof Promise) return 'ra promise';
    let json;
    try {
      json = stringify(result);
    } catch (error) {
      return error instanceof TypeError ? 'r' + (error.message === 'circular reference' ? 'an object that contains itself' : 'a value that JSON cannot hold (' + error.message + ')') : thrown(error);
    }
    return json === undefined ? 'ran object that turns itself into nothing' : 'v' + json;
  }

  function thrown(error) {
    try {
      if (!(error instanceof Error)) return 'e' + stringify(['', text(typeof error === 'object' && error !== null ? stringify(error) : error), null]);
      const at = exec(/script:(\d+)/, text(error.stack));
      return 'e' + stringify([text(error.name), text(error.message), at === null ? null : at[1] - 1]);
    } catch {
      return 'e["","something that cannot be shown was thrown",null]';
    }
  }

  function call(fn, input) {
    let out;
    try {
      const [msg, metadata, msgType] = parse(input);
      out = answer(fn(msg, metadata, msgType));
    } catch (error) {
      out = thrown(error);
    }
    return (cleaned() ? ' ' : '!') + out;
  }
  const seal = (fn) => { freeze(fn.prototype); freeze(fn); };
  return freeze({ call: freeze(call), seal: freeze(seal) });
})()`;
