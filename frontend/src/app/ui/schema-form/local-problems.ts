import type { Field } from './form-fields';
import type { JsonSchema } from './json-schema';

/** What can be seen without asking the server; each has a text `fieldError.<kind>`. */
export type LocalProblem = 'required' | 'number' | 'range' | 'pattern' | 'maxLength';

/** The first thing that is wrong with a field, or null. What an optional field may be, the server says best. */
export function localProblem({ schema, required, value, widget }: Field): LocalProblem | null {
  if (value === undefined || value === null || value === '')
    return required && schema.default === undefined ? 'required' : null;
  if (widget === 'number') return numberProblem(value, schema);
  if (Array.isArray(value)) return required && value.length < (schema.minItems ?? 0) ? 'required' : null;
  if (typeof value !== 'string') return null;
  if (schema.maxLength !== undefined && value.length > schema.maxLength) return 'maxLength';
  return schema.pattern !== undefined && !fits(schema.pattern, value) ? 'pattern' : null;
}

/** A union may take a text besides, which the server knows best. */
function numberProblem(
  value: unknown,
  { minimum = -Infinity, maximum = Infinity, anyOf }: JsonSchema,
): LocalProblem | null {
  if (typeof value !== 'number') return anyOf ? null : 'number';
  return value < minimum || value > maximum ? 'range' : null;
}

/** A pattern that this browser cannot read refuses nothing: the server has the last word. */
export function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    return true;
  }
}
