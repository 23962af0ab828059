import { type JsonSchema, branchFor, branchesOf, discriminatorOf, resolved, valuesOf } from './json-schema';
import { type JsonObject, type Path, at, isObject, pointerOf } from './json-value';

/** How a field is shown; every other word is a widget of the page that shows the form. */
export type Widget =
  'text' | 'textarea' | 'number' | 'switch' | 'choice' | 'select' | 'list' | 'pairs' | 'secret' | 'part';

/** Words of the schemas that say more about the content than about how it is shown. */
const SHOWN_AS: Readonly<Record<string, Widget>> = {
  mailbox: 'text',
  mailboxes: 'list',
  headers: 'pairs',
  pem: 'textarea',
};

/** One field of a form, ready to be shown. */
export interface Field {
  readonly path: Path;
  /** RFC 6901; the server names fields so. */
  readonly pointer: string;
  /** For texts: names with dots between them. */
  readonly name: string;
  readonly widget: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly section: string;
  readonly order: number;
  /** How many optional parts it stands in. */
  readonly depth: number;
  /** What can be chosen; empty where anything can be written. */
  readonly options: readonly string[];
  readonly value: unknown;
}

/** Up to here all options are shown side by side. */
const MOST_SIDE_BY_SIDE = 4;

interface Place {
  readonly root: JsonSchema;
  readonly whole: unknown;
  readonly path: Path;
  readonly section: string;
  readonly order: number;
  readonly depth: number;
}

/** The fields that are to be shown of `schema` while the form holds `value`, in their order. */
export function fieldsOf(schema: JsonSchema, value: unknown): readonly Field[] {
  const place = { root: schema, whole: value, path: [], section: '', order: 0, depth: 0 };
  return inside(resolved(schema, schema), place);
}

/** What is inside an object or a union of objects. */
function inside(schema: JsonSchema, place: Place): readonly Field[] {
  const object = objectOf(schema, place);
  return Object.entries(object.properties ?? {}).flatMap(([name, given], index) => {
    const property = resolved(given, place.root);
    const required = object.required?.includes(name) === true && property.default === undefined;
    return isShown(property, place) ? fieldsAt(property, required, inner(place, name, property, index)) : [];
  });
}

/** Of a union the branch that the value is of, with a discriminator that can be chosen among those of all branches. */
export function objectOf(
  schema: JsonSchema,
  { root, whole, path }: Pick<Place, 'root' | 'whole' | 'path'>,
): JsonSchema {
  const branches = branchesOf(schema, root);
  const discriminator = branches && discriminatorOf(branches);
  if (!branches || discriminator === null) return schema;
  const tags = branches.flatMap((branch) => valuesOf(branch.properties?.[discriminator] ?? {}) ?? []);
  const branch = branchFor(
    branches,
    discriminator,
    at(whole, [...path, discriminator]) ?? tagOf(schema.default, discriminator),
  );
  const { const: _one, ...hints } = branch.properties?.[discriminator] ?? {};
  const title = schema.title === undefined ? {} : { title: schema.title };
  const tag: JsonSchema = { ...hints, ...title, enum: [...new Set(tags)] };
  return { ...branch, properties: { ...branch.properties, [discriminator]: tag } };
}

const tagOf = (value: unknown, discriminator: string): unknown => (isObject(value) ? value[discriminator] : undefined);

function inner(place: Place, name: string, { section, order }: JsonSchema, index: number): Place {
  const own = place.path.length === 0 ? (order ?? index) : place.order + ((order ?? index) + 1) / 100;
  return { ...place, path: [...place.path, name], section: section ?? place.section, order: own };
}

function fieldsAt(schema: JsonSchema, required: boolean, place: Place): readonly Field[] {
  const field = fieldAt(schema, required, place);
  if (field.widget !== 'part') return [field];
  const isOptional = !required && schema.default === undefined;
  if (!isOptional) return inside(schema, place);
  return [field, ...(isObject(field.value) ? inside(schema, { ...place, depth: place.depth + 1 }) : [])];
}

function fieldAt(schema: JsonSchema, required: boolean, place: Place): Field {
  const options = (valuesOf(schema) ?? []).map(String);
  return {
    path: place.path,
    pointer: pointerOf(place.path),
    name: place.path.join('.'),
    widget: widgetOf(schema, options, place.root),
    schema,
    required,
    section: place.section,
    order: place.order,
    depth: place.depth,
    options,
    value: at(place.whole, place.path),
  };
}

function widgetOf(schema: JsonSchema, options: readonly string[], root: JsonSchema): string {
  if (schema.widget !== undefined) return SHOWN_AS[schema.widget] ?? schema.widget;
  if (schema.secret === true || isSecretChange(schema, root)) return 'secret';
  if (options.length > 0) return options.length > MOST_SIDE_BY_SIDE ? 'select' : 'choice';
  return byType(schema, root);
}

function byType(schema: JsonSchema, root: JsonSchema): Widget {
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'array') return 'list';
  if (schema.properties) return 'part';
  if (schema.type === 'object') return 'pairs';
  const branches = branchesOf(schema, root);
  if (branches && discriminatorOf(branches) !== null) return 'part';
  return branches?.some(({ type }) => type === 'integer') === true ? 'number' : 'text';
}

/** `{change: 'keep' | 'set' | 'clear' | …}`: a secret on its way in. */
function isSecretChange(schema: JsonSchema, root: JsonSchema): boolean {
  const branches = branchesOf(schema, root);
  return branches !== null && discriminatorOf(branches) === 'change';
}

function isShown({ showIf }: JsonSchema, { root, whole, path }: Place): boolean {
  if (!showIf) return true;
  const steps = showIf.field.split('.');
  const near = at(whole, [...path, ...steps]);
  return showIf.in.includes(near ?? at(whole, steps) ?? defaultAt(root, steps, root));
}

/** What counts where nothing is said. */
function defaultAt(schema: JsonSchema, [name, ...rest]: Path, root: JsonSchema): unknown {
  const property = resolved(schema.properties?.[name ?? ''] ?? {}, root);
  return rest.length === 0 ? property.default : defaultAt(property, rest, root);
}

/** What is shown, and nothing else: leftovers of what was chosen before stay in the form but are not sent. */
export function shownOnly(schema: JsonSchema, value: unknown): JsonObject {
  const result = prune(resolved(schema, schema), {
    root: schema,
    whole: value,
    path: [],
    section: '',
    order: 0,
    depth: 0,
  });
  return isObject(result) ? result : {};
}

function prune(schema: JsonSchema, place: Place): unknown {
  const value = at(place.whole, place.path);
  if (!isObject(value) || widgetOf(schema, [], place.root) !== 'part') return value;
  const object = objectOf(schema, place);
  const kept = Object.entries(object.properties ?? {}).flatMap(([name, given], index) => {
    const property = resolved(given, place.root);
    if (!isShown(property, place)) return [];
    const part = prune(property, inner(place, name, property, index));
    return part === undefined ? [] : [[name, part] as const];
  });
  return Object.fromEntries(kept);
}
