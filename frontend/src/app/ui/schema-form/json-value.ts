export type JsonObject = Readonly<Record<string, unknown>>;
export type Path = readonly string[];

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands there; undefined where nothing does. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce((inner: unknown, name) => (isObject(inner) ? inner[name] : undefined), value);
}

/** The same object with `part` there; undefined takes the property away. Objects on the way are made. */
export function put(value: unknown, [name, ...rest]: Path, part: unknown): JsonObject {
  const object = isObject(value) ? value : {};
  if (name === undefined) return isObject(part) ? part : {};
  const inner = rest.length === 0 ? part : put(object[name], rest, part);
  if (inner !== undefined) return { ...object, [name]: inner };
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
}

/** RFC 6901. */
export function pointerOf(path: Path): string {
  return path.map((name) => '/' + name.replaceAll('~', '~0').replaceAll('/', '~1')).join('');
}

/** Whether two JSON values say the same, whatever the order of their properties; absent is undefined. */
export function same(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((part, index) => same(part, other[index]));
  if (!isObject(one) || !isObject(other)) return false;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => same(one[name], other[name]));
}

/** `mine` was made of `before`, which has become `theirs` meanwhile: their changes, and mine over them. */
export function merged<T extends JsonObject>(before: T, mine: T, theirs: T): T {
  const changed = differences(before, mine).reduce<JsonObject>(
    (result, path) => put(result, path, at(mine, path)),
    theirs,
  );
  return { ...theirs, ...changed };
}

/** Paths of the leaves in which two values differ; arrays count as leaves. */
export function differences(one: unknown, other: unknown, path: Path = []): readonly Path[] {
  if (same(one, other)) return [];
  if (!isObject(one) && !isObject(other)) return [path];
  const [before, after] = [isObject(one) ? one : {}, isObject(other) ? other : {}];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => differences(before[name], after[name], [...path, name]));
}
