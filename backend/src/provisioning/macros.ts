import { toPath, type FileProblem } from './provisioning-error.js';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Replaced {
  readonly value: unknown;
  readonly problems: readonly FileProblem[];
  /** Paths of values that consist of one macro: where a number or a boolean is wanted, such a text may become one. */
  readonly wholeMacros: ReadonlySet<string>;
}

/** `${NAME}`, `${NAME:-default}`; `$${` stands for `${` itself. */
const MACRO = /\$\$\{|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;
const WHOLE_MACRO = /^\$\{[A-Za-z_]\w*(?::-[^}]*)?\}$/;

/**
 * Replaces macros in all string values, after parsing: what a variable holds is always one value and can never become
 * structure. Keys stay as they are.
 */
export function replaceMacros(value: unknown, variables: Variables): Replaced {
  const problems: FileProblem[] = [];
  const wholeMacros = new Set<string>();
  const walk = (inner: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof inner === 'string') return replaceIn(inner, path);
    if (Array.isArray(inner)) return inner.map((item, index) => walk(item, [...path, index]));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  const replaceIn = (text: string, path: readonly PropertyKey[]): string => {
    if (WHOLE_MACRO.test(text)) wholeMacros.add(toPath(path));
    return text.replace(MACRO, (match, name: string | undefined, fallback: string | undefined) => {
      if (name === undefined) return '${';
      const found = variables[name] || fallback;
      if (found === undefined) problems.push({ path: toPath(path), message: `the variable ${name} is not set` });
      return found ?? match;
    });
  };
  return { value: walk(value, []), problems, wholeMacros };
}
