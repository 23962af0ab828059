/**
 * The QuickJS of one tenant: a WebAssembly instance of its own with a hard cap on memory, one frozen context (see
 * `sandbox-prelude.ts`) and the functions compiled from the tenant's scripts.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import releaseBuild from '@jitl/quickjs-wasmfile-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSRuntime,
  type QuickJSSyncVariant,
} from 'quickjs-emscripten-core';

import { isDeeperThan } from './json-depth.ts';
import { SANDBOX_PRELUDE } from './sandbox-prelude.ts';
import {
  crashedFailure,
  memoryFailure,
  resultFailure,
  syntaxFailure,
  thrownFailure,
  tooLargeFailure,
  tooLongFailure,
} from './script-failures.ts';
import type { ScriptProblem } from './script-types.ts';
import type { CallAnswer, WorkerScript } from './worker-protocol.ts';

const PAGE_BYTES = 65_536;
/** What the build asks for at least; only touched pages take real memory. */
const INITIAL_PAGES = 256;
const MAXIMUM_PAGES = 512;
const STACK_BYTES = 256 << 10;
const MAX_COMPILED_SCRIPTS = 200;
const MAX_SOURCE_CHARACTERS = 65_536;
const MAX_RESULT_CHARACTERS = 1 << 20;
const MAX_RESULT_DEPTH = 500;
/** Names the script's own text in stack traces; the prelude looks for it. */
const SCRIPT_FILE = 'script';

const UNBALANCED: ScriptProblem = { message: 'a bracket closes more than was opened', line: null, column: null };

type Compiled = { readonly fn: QuickJSHandle } | { readonly problem: ScriptProblem };

// Its types describe the CommonJS build; Node imports the ES module, whose default export is the build itself.
const release = releaseBuild as unknown as QuickJSSyncVariant;

const wasmModule = await WebAssembly.compile(
  await readFile(fileURLToPath(import.meta.resolve('@jitl/quickjs-wasmfile-release-sync/wasm'))),
);

/** Processor time of this thread: a busy neighbour does not make a script late. */
const processorMs = (): number => {
  const used = process.threadCpuUsage();
  return (used.user + used.system) / 1000;
};

export class Sandbox {
  #deadline = Infinity;
  #stopped = false;
  #spent = false;
  readonly #compiled = new Map<string, Compiled>();
  readonly #context: QuickJSContext;
  readonly #call: QuickJSHandle;
  readonly #seal: QuickJSHandle;

  readonly #runtime: QuickJSRuntime;
  readonly #memory: WebAssembly.Memory;

  private constructor(runtime: QuickJSRuntime, memory: WebAssembly.Memory) {
    this.#runtime = runtime;
    this.#memory = memory;
    runtime.setMaxStackSize(STACK_BYTES);
    runtime.setInterruptHandler(() => (this.#stopped = processorMs() > this.#deadline));
    this.#context = runtime.newContext();
    const host = this.#context.unwrapResult(this.#context.evalCode(SANDBOX_PRELUDE, 'prelude'));
    this.#call = this.#context.getProp(host, 'call');
    this.#seal = this.#context.getProp(host, 'seal');
  }

  static async create(): Promise<Sandbox> {
    const wasmMemory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
    const module = await newQuickJSWASMModuleFromVariant(newVariant(release, { wasmModule, wasmMemory }));
    return new Sandbox(module.newRuntime(), wasmMemory);
  }

  /** Whether something may be left of a call that the next one could see, or more memory is held than an idle tenant may keep. */
  get spent(): boolean {
    return this.#spent || this.#memory.buffer.byteLength > INITIAL_PAGES * PAGE_BYTES;
  }

  /** `input`: JSON of `[msg, metadata, msgType]`. */
  call(script: WorkerScript, input: string, limitMs: number): CallAnswer {
    if (script.source.length > MAX_SOURCE_CHARACTERS)
      return { kind: 'failure', failure: tooLongFailure(script.source.length, MAX_SOURCE_CHARACTERS) };
    try {
      return this.#within(limitMs, () => {
        const compiled = this.#compile(script.source);
        if ('problem' in compiled)
          return { kind: 'failure', failure: syntaxFailure(compiled.problem, script.language) };
        return this.#run(compiled.fn, input, script);
      });
    } catch {
      this.#spent = true;
      return {
        kind: 'failure',
        failure: this.#isFull() ? memoryFailure(MAXIMUM_PAGES * PAGE_BYTES) : crashedFailure(),
      };
    }
  }

  check(source: string, limitMs: number): ScriptProblem | null {
    if (source.length > MAX_SOURCE_CHARACTERS)
      return { message: tooLongFailure(source.length, MAX_SOURCE_CHARACTERS).message, line: null, column: null };
    const compiled = this.#within(limitMs, () => this.#compile(source));
    return 'problem' in compiled ? compiled.problem : null;
  }

  #within<T>(limitMs: number, work: () => T): T {
    this.#stopped = false;
    this.#deadline = processorMs() + limitMs;
    try {
      return work();
    } finally {
      this.#deadline = Infinity;
    }
  }

  #run(fn: QuickJSHandle, input: string, script: WorkerScript): CallAnswer {
    const context = this.#context;
    const result = context
      .newString(input)
      .consume((text) => context.callFunction(this.#call, context.undefined, fn, text));
    if (result.error !== undefined) {
      this.#spent = true;
      if (this.#stopped) return { kind: 'limit' };
      throw new Error('the call itself failed');
    }
    const answer = result.value.consume((handle) => context.getString(handle));
    if (answer.startsWith('!') || this.#runtime.hasPendingJob()) this.#spent = true;
    return this.#read(answer.slice(1, 2), answer.slice(2), script);
  }

  #read(tag: string, rest: string, script: WorkerScript): CallAnswer {
    if (tag === 'u') return { kind: 'value', json: null };
    if (tag === 'r') return { kind: 'failure', failure: resultFailure(rest) };
    if (tag === 'v') return checkedValue(rest);
    // The prelude alone writes this text.
    const [name, message, line] = JSON.parse(rest) as [string, string, number | null];
    const outOfMemory =
      (name === 'InternalError' && message === 'out of memory') || (message === 'null' && this.#isFull());
    if (outOfMemory) {
      this.#spent = true;
      return { kind: 'failure', failure: memoryFailure(MAXIMUM_PAGES * PAGE_BYTES) };
    }
    return {
      kind: 'failure',
      failure: thrownFailure(name === '' ? message : `${name}: ${message}`, line, script.language),
    };
  }

  #isFull(): boolean {
    return this.#memory.buffer.byteLength === MAXIMUM_PAGES * PAGE_BYTES;
  }

  #compile(source: string): Compiled {
    const known = this.#compiled.get(source);
    this.#compiled.delete(source);
    const compiled = known ?? this.#compileNew(source);
    this.#compiled.set(source, compiled);
    const [oldest] = this.#compiled;
    if (this.#compiled.size > MAX_COMPILED_SCRIPTS && oldest !== undefined) {
      this.#compiled.delete(oldest[0]);
      if ('fn' in oldest[1]) oldest[1].fn.dispose();
    }
    return compiled;
  }

  #compileNew(source: string): Compiled {
    const text = `function (msg, metadata, msgType) {\n${source}\n}`;
    const problem = this.#problemOf(text);
    if (problem !== null) return { problem };
    const context = this.#context;
    const fn = context.unwrapResult(context.evalCode(`(${text})`, SCRIPT_FILE));
    context.unwrapResult(context.callFunction(this.#seal, context.undefined, fn)).dispose();
    return { fn };
  }

  /**
   * Compiles in a context that is thrown away: text such as `}); let x = 1; (function () {` closes the function early, and the rest
   * would run here and stay. The text is one function if and only if the function made of it shows that very text.
   */
  #problemOf(text: string): ScriptProblem | null {
    const context = this.#runtime.newContext();
    try {
      const show = context.unwrapResult(context.evalCode('Function.prototype.toString'));
      const made = context.evalCode(`(${text})`, SCRIPT_FILE);
      if (made.error !== undefined) return made.error.consume((error) => problemFrom(context, error));
      const shown = made.value.consume((fn) => context.callFunction(show, fn));
      show.dispose();
      const same = (shown.error ?? shown.value).consume((handle) => context.getString(handle)) === text;
      return same ? null : UNBALANCED;
    } finally {
      context.dispose();
    }
  }
}

function checkedValue(json: string): CallAnswer {
  if (json.length > MAX_RESULT_CHARACTERS)
    return { kind: 'failure', failure: tooLargeFailure(json.length, MAX_RESULT_CHARACTERS) };
  if (isDeeperThan(MAX_RESULT_DEPTH, json))
    return { kind: 'failure', failure: resultFailure(`something nested more than ${MAX_RESULT_DEPTH} levels deep`) };
  return { kind: 'value', json };
}

/** The first line is the function's head, which the script's author does not see. */
function problemFrom(context: QuickJSContext, error: QuickJSHandle): ScriptProblem {
  const read = (name: string): string => context.getProp(error, name).consume((handle) => context.getString(handle));
  const message = read('message');
  // Whatever else is thrown here was thrown by text that should not have run.
  if (read('name') !== 'SyntaxError' && message !== 'stack overflow') return UNBALANCED;
  const [, line, column] = /script:(\d+):(\d+)/.exec(read('stack')) ?? [];
  return {
    message,
    line: line === undefined ? null : Number(line) - 1,
    column: column === undefined ? null : Number(column),
  };
}
