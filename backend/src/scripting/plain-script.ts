import type { Json, ScriptCall } from '@signalpost/rule-nodes/runtime';

/** What a script may look at. */
type Input = Pick<ScriptCall, 'msg' | 'metadata' | 'msgType'>;
/** Values that compare and compute without calling anything. */
type Primitive = string | number | boolean | null | undefined;
type Value = Json | undefined;
type Evaluate = (input: Input) => Value;

/** Runs a script that only reads, compares and computes. @returns what `return` gives; `NOT_PLAIN`: QuickJS has to run it */
export type PlainScript = (input: Input) => Value | typeof NOT_PLAIN;

/** Here the language does more than this reader knows: convert objects, look into prototypes, throw. */
export const NOT_PLAIN = Symbol('not plain');

/** Nobody writes a plain script of more. */
const MAX_CHARACTERS = 500;
/** Where a line break ends the statement, and signs that the tokens below would read as two. */
const TRAPS = /^\s*return[ \t]*[\r\n]|[\u2028\u2029]|--|\+\+/;
const TOKEN =
  /\s*(?:((?:0|[1-9]\d*)(?:\.\d+)?)(?![\w.])|'([^'\\\n\r]*)'|"([^"\\\n\r]*)"|([A-Za-z_$][\w$]*)|(===|!==|==|!=|<=|>=|&&|\|\||[-+*/%<>!(){},:.;]))/y;

type Token =
  | { readonly kind: 'value'; readonly value: string | number }
  | { readonly kind: 'name' | 'sign' | 'end'; readonly text: string };

const CONSTANTS: ReadonlyMap<string, Primitive> = new Map<string, Primitive>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

type Compare = (a: Primitive, b: Primitive) => boolean;
type Order = (a: string | number, b: string | number) => boolean;
type Compute = (a: number, b: number) => number;
const isNothing = (value: Primitive): boolean => value === null || value === undefined;

/** ECMA-262 §7.2.14, of primitives: what is of two types is compared as numbers. */
function looselyEqual(a: Primitive, b: Primitive): boolean {
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  return typeof a === typeof b ? a === b : Number(a) === Number(b);
}

/** ECMA-262 §7.2.13, of primitives: two texts are compared as such, everything else as numbers. */
const ordered =
  (order: Order): Compare =>
  (a, b) =>
    typeof a === 'string' && typeof b === 'string' ? order(a, b) : order(Number(a), Number(b));

const EQUALITIES: Readonly<Record<string, Compare>> = {
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  '==': looselyEqual,
  '!=': (a, b) => !looselyEqual(a, b),
};
const ORDERS: Readonly<Record<string, Compare>> = {
  '<': ordered((a, b) => a < b),
  '<=': ordered((a, b) => a <= b),
  '>': ordered((a, b) => a > b),
  '>=': ordered((a, b) => a >= b),
};
const SUMS: Readonly<Record<string, Compute>> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const PRODUCTS: Readonly<Record<string, Compute>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};

/**
 * Reads a script of the form `return …;`: `msg`, `metadata`, `msgType`, their properties, literals, objects of these, comparisons,
 * arithmetic, `&&`, `||`, `!`. Most filters are no more than that, and asking a thread for `msg.temperature > 80` costs
 * twenty times what it computes.
 *
 * @returns null: it is more than that
 */
export function readPlainScript(source: string): PlainScript | null {
  if (source.length > MAX_CHARACTERS || TRAPS.test(source)) return null;
  const tokens = tokensOf(source);
  if (tokens === null) return null;
  try {
    const evaluate = new Reader(tokens).script();
    return (input) => {
      try {
        return plainResult(evaluate(input));
      } catch (error) {
        if (error === notPlain) return NOT_PLAIN;
        throw error;
      }
    };
  } catch (error) {
    if (error === notPlain) return null;
    throw error;
  }
}

const notPlain = new Error('not plain');
const giveUp = (): never => {
  throw notPlain;
};

function tokensOf(source: string): Token[] | null {
  const text = source.trimEnd();
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text);
    if (found === null) return null;
    const [, number, single, double, name, sign] = found;
    if (number !== undefined) tokens.push({ kind: 'value', value: Number(number) });
    else if (name !== undefined) tokens.push({ kind: 'name', text: name });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'value', value: single ?? double ?? '' });
  }
  return [...tokens, { kind: 'end', text: '' }];
}

/** By recursive descent; precedence as in ECMA-262 §13. */
class Reader {
  #at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  script(): Evaluate {
    if (!this.#takes('name', 'return')) giveUp();
    const evaluate = this.#takes('sign', '{') ? this.#object() : this.#primitive();
    this.#takes('sign', ';');
    return this.#next.kind === 'end' ? evaluate : giveUp();
  }

  get #next(): Token {
    return this.tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #takes(kind: 'name' | 'sign', text: string): boolean {
    const next = this.#next;
    if (next.kind !== kind || next.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #name(): string {
    const next = this.#next;
    if (next.kind !== 'name') return giveUp();
    this.#at += 1;
    return next.text;
  }

  /** A part of the message is not handed out as it stands: who gets it may change it. */
  #primitive(): Evaluate {
    const evaluate = this.#or();
    return (input) => primitive(evaluate(input));
  }

  /** `{name: …, "name": …}`, without what a key could do besides. */
  #object(): Evaluate {
    const parts: [string, Evaluate][] = [];
    while (!this.#takes('sign', '}')) {
      const key = this.#key();
      if (key === '__proto__' || !this.#takes('sign', ':')) giveUp();
      parts.push([key, this.#or()]);
      if (!this.#takes('sign', ',') && !(this.#next.kind === 'sign' && this.#next.text === '}')) giveUp();
    }
    return (input) => {
      const made = Object.fromEntries(parts.map(([key, part]) => [key, primitive(part(input))]));
      return withoutUndefined(made);
    };
  }

  #key(): string {
    const next = this.#next;
    if (next.kind !== 'value' || typeof next.value !== 'string') return this.#name();
    this.#at += 1;
    return next.value;
  }

  #or(): Evaluate {
    let left = this.#and();
    while (this.#takes('sign', '||')) {
      const [a, b] = [left, this.#and()];
      left = (input) => primitive(a(input)) || b(input);
    }
    return left;
  }

  #and(): Evaluate {
    let left = this.#equality();
    while (this.#takes('sign', '&&')) {
      const [a, b] = [left, this.#equality()];
      left = (input) => primitive(a(input)) && b(input);
    }
    return left;
  }

  #equality(): Evaluate {
    return this.#chain(EQUALITIES, () => this.#order(), primitive);
  }

  #order(): Evaluate {
    return this.#chain(ORDERS, () => this.#sum(), primitive);
  }

  #sum(): Evaluate {
    return this.#chain(SUMS, () => this.#product(), number);
  }

  #product(): Evaluate {
    return this.#chain(PRODUCTS, () => this.#unary(), number);
  }

  #chain<T extends Primitive>(
    signs: Readonly<Record<string, (a: T, b: T) => Value>>,
    operand: () => Evaluate,
    check: (value: Value) => T,
  ): Evaluate {
    let left = operand();
    for (;;) {
      const next = this.#next;
      const apply = next.kind === 'sign' && Object.hasOwn(signs, next.text) ? signs[next.text] : undefined;
      if (apply === undefined) return left;
      this.#at += 1;
      const [a, b] = [left, operand()];
      left = (input) => apply(check(a(input)), check(b(input)));
    }
  }

  #unary(): Evaluate {
    if (this.#takes('sign', '!')) {
      const operand = this.#unary();
      return (input) => !primitive(operand(input));
    }
    if (this.#takes('sign', '-')) {
      const operand = this.#unary();
      return (input) => -number(operand(input));
    }
    return this.#member();
  }

  #member(): Evaluate {
    let base = this.#atom();
    while (this.#takes('sign', '.')) {
      const [of, key] = [base, this.#name()];
      base = (input) => property(of(input), key);
    }
    return base;
  }

  #atom(): Evaluate {
    if (this.#takes('sign', '(')) {
      const inner = this.#or();
      return this.#takes('sign', ')') ? inner : giveUp();
    }
    const next = this.#next;
    if (next.kind === 'value') {
      this.#at += 1;
      return () => next.value;
    }
    return variable(this.#name());
  }
}

/** JSON has no undefined. */
const withoutUndefined = (made: Readonly<Record<string, Primitive>>): Record<string, Json> =>
  Object.fromEntries(Object.entries(made).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

function variable(name: string): Evaluate {
  if (name === 'msg') return ({ msg }) => msg;
  if (name === 'metadata') return ({ metadata }) => metadata;
  if (name === 'msgType') return ({ msgType }) => msgType;
  if (!CONSTANTS.has(name)) return giveUp();
  const constant = CONSTANTS.get(name);
  return () => constant;
}

/** An own property of an object. What it would find in a prototype, or of anything else, is not plain. */
function property(of: Value, key: string): Value {
  if (typeof of !== 'object' || of === null || Array.isArray(of)) return giveUp();
  if (Object.hasOwn(of, key)) return of[key];
  return key in Object.prototype ? giveUp() : undefined;
}

function primitive(value: Value): Primitive {
  return typeof value === 'object' && value !== null ? giveUp() : value;
}

function number(value: Value): number {
  return typeof value === 'number' ? value : giveUp();
}

/** What JSON would change on its way out of the sandbox is left to the sandbox. */
function plainResult(value: Value): Value {
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return giveUp();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return giveUp();
  for (const part of Object.values(value)) plainResult(part);
  return value;
}
