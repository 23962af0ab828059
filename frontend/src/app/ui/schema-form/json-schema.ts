/** The part of JSON Schema (2020-12) that zod writes, and the hints that our schemas carry beside it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  /** Which part of the form it stands in; what is inside of it stands there, too. */
  readonly section?: string;
  /** Place within the section; without one it stands where the schema has it. */
  readonly order?: number;
  /** How it is shown, where its shape does not tell. */
  readonly widget?: string;
  readonly secret?: boolean;
  /** Made by `resolved`: null may stand there, too, and means that there is none. */
  readonly nullable?: true;
  readonly unit?: string;
  readonly placeholder?: string;
  /** Shown only while the field there (dots between names, from its own object or from the top) has one of these values. */
  readonly showIf?: { readonly field: string; readonly in: readonly unknown[] };
}

/** Follows `$ref` and takes `null` off a union (`nullable` says so then); what stands beside them wins over what they name. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref !== undefined) {
    const { $ref, ...beside } = schema;
    return { ...resolved(named($ref, root), root), ...beside };
  }
  const { anyOf, ...rest } = schema;
  const real = anyOf?.filter((branch) => branch.type !== 'null');
  if (real?.length === 1 && real[0]) return { ...resolved(real[0], root), ...rest, nullable: true };
  return schema;
}

/** `#`, `#/$defs/Name`. */
function named(ref: string, root: JsonSchema): JsonSchema {
  const name = ref.split('/').at(-1) ?? '';
  return root.$defs?.[name] ?? (ref === '#' ? root : {});
}

/** The branches of a union; null: it is none. */
export function branchesOf(schema: JsonSchema, root: JsonSchema): readonly JsonSchema[] | null {
  const branches = schema.oneOf ?? schema.anyOf;
  return branches?.map((branch) => resolved(branch, root)) ?? null;
}

/** The values that a schema allows where it lists them: an enum, a constant, a union of constants; null: it does not. */
export function valuesOf(schema: JsonSchema): readonly unknown[] | null {
  if (schema.enum) return schema.enum;
  if (schema.const !== undefined) return [schema.const];
  const branches = schema.oneOf ?? schema.anyOf;
  const values = branches?.map(valuesOf);
  return values?.every((one) => one !== null) ? values.flat() : null;
}

/** The property by whose value the branches of a union differ. */
export function discriminatorOf(branches: readonly JsonSchema[]): string | null {
  const [first] = branches;
  const names = Object.keys(first?.properties ?? {});
  const tells = (name: string): boolean =>
    branches.every((branch) => {
      const property = branch.properties?.[name];
      return property !== undefined && (property.const !== undefined || property.enum !== undefined);
    });
  return names.find(tells) ?? null;
}

/** The branch that a value is of; the first one that fits, else the first. */
export function branchFor(branches: readonly JsonSchema[], discriminator: string, value: unknown): JsonSchema {
  const fits = (branch: JsonSchema): boolean =>
    valuesOf(branch.properties?.[discriminator] ?? {})?.includes(value) === true;
  return branches.find(fits) ?? branches[0] ?? {};
}
