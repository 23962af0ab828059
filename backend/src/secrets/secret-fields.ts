import type { z } from 'zod';

/** Called with each secret's value and its dotted path; what it answers takes the value's place. */
export type SecretMapper = (value: string, field: string) => string | null;

/**
 * Copies a value that a schema describes and maps every string marked with `.meta({ secret: true })`: the one place that
 * knows where secrets are. Sealing, opening and masking are three mappers.
 */
export function mapSecrets(
  schema: z.ZodType,
  value: unknown,
  map: SecretMapper,
  path: readonly string[] = [],
): unknown {
  if (value === undefined || value === null) return value;
  if (isSecret(schema)) return typeof value === 'string' ? map(value, path.join('.')) : value;
  const def = (schema as unknown as z.core.$ZodTypes)._zod.def; // zod's public union of all schema kinds, told apart by `type`
  switch (def.type) {
    case 'object':
      return mapObject(def.shape, value, map, path);
    case 'array':
      return Array.isArray(value)
        ? value.map((item, at) => mapSecrets(inner(def.element), item, map, [...path, String(at)]))
        : value;
    case 'record':
      return isObject(value)
        ? mapEntries(value, (key, item) => mapSecrets(inner(def.valueType), item, map, [...path, key]))
        : value;
    case 'union':
      return mapUnion(def.options.map(inner), value, map, path);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return mapSecrets(inner(def.innerType), value, map, path);
    case 'pipe':
      return mapSecrets(inner(def.in), value, map, path);
    case 'lazy':
      return mapSecrets(inner(def.getter()), value, map, path);
    default:
      return value;
  }
}

const isSecret = (schema: z.ZodType): boolean => schema.meta()?.['secret'] === true;

type Shape = Readonly<Record<string, z.core.$ZodType>>;

function mapObject(shape: Shape, value: unknown, map: SecretMapper, path: readonly string[]): unknown {
  if (!isObject(value)) return value;
  return mapEntries(value, (key, item) => {
    const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
    return field === undefined ? item : mapSecrets(inner(field), item, map, [...path, key]);
  });
}

/** A secret that is a text, else the option whose literal fields (the discriminator) fit; a union of others holds no secrets. */
function mapUnion(options: readonly z.ZodType[], value: unknown, map: SecretMapper, path: readonly string[]): unknown {
  const option = options.find((candidate) =>
    isSecret(candidate) ? typeof value === 'string' : literalsFit(candidate, value),
  );
  return option === undefined ? value : mapSecrets(option, value, map, path);
}

function literalsFit(schema: z.ZodType, value: unknown): boolean {
  const def = (schema as unknown as z.core.$ZodTypes)._zod.def; // as above
  if (def.type !== 'object' || !isObject(value)) return false;
  return Object.entries(def.shape).every(([key, field]) => {
    const fieldDef = (field as unknown as z.core.$ZodTypes)._zod.def; // as above
    if (fieldDef.type === 'enum') return Object.values(fieldDef.entries).some((entry) => entry === value[key]);
    return fieldDef.type !== 'literal' || fieldDef.values.some((literal) => literal === value[key]);
  });
}

const inner = (schema: z.core.$ZodType): z.ZodType => schema as z.ZodType; // every schema of ours is made by classic zod

function mapEntries(
  value: Record<string, unknown>,
  map: (key: string, item: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, map(key, item)]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
