import type { TenantLimits } from '../../core/api/models';
import { type JsonSchema, resolved } from '../../ui/schema-form/json-schema';

type NumberLimit = { [K in keyof TenantLimits]-?: number extends TenantLimits[K] ? K : never }[keyof TenantLimits];

/** A limit that is a number; an optional one that is empty is no limit. */
export interface Limit {
  readonly name: NumberLimit;
  readonly least: number;
  readonly most: number;
  readonly optional: boolean;
}

export interface LimitsForm {
  /** In the order of the form. */
  readonly numbers: readonly Limit[];
  /** Of a tenant of which nothing else is said. */
  readonly usual: Required<TenantLimits>;
}

/** @param schema the server's, of all limits */
export function limitsForm(schema: JsonSchema): LimitsForm {
  const all = Object.entries(resolved(schema, schema).properties ?? {}).map(([name, property]) => ({
    name,
    ...resolved(property, schema),
  }));
  const usual = Object.fromEntries(all.map(({ name, default: value }) => [name, value]));
  return {
    numbers: all
      .filter(({ type }) => type === 'integer')
      .map(({ name, minimum = 0, maximum = Infinity, nullable }) => ({
        name: name as NumberLimit, // the names of the schema are those of the type that is generated of it
        least: minimum,
        most: maximum,
        optional: nullable === true,
      })),
    usual: usual as unknown as Required<TenantLimits>, // likewise; every limit has a default
  };
}
