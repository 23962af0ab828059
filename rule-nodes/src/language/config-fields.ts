/**
 * Fields of node configurations as ThingsBoard's files hold them: an absent or null key of a Java primitive is its zero
 * value, numbers and booleans may come as text.
 */
import { z } from 'zod';

/** What ThingsBoard's upgrades take for true, as a boolean or as a text. */
export const isTrue = (value: unknown): boolean =>
  value === true || (typeof value === 'string' && value.toLowerCase() === 'true');

const TRUE_OR_FALSE = /^(true|false)$/i;

/** A Java boolean: absent or null is `absent`; "true" and "false" are taken as text too. */
export const flag = (absent = false) =>
  z
    .preprocess((value) => {
      if (value === null) return absent;
      return typeof value === 'string' && TRUE_OR_FALSE.test(value) ? value.toLowerCase() === 'true' : value;
    }, z.boolean())
    .default(absent);

/** A Java int or long: absent or null is 0; digits are taken as text too. */
export const wholeNumber = (range: { min?: number; max?: number } = {}) =>
  z
    .preprocess(
      (value) => {
        if (value === null) return 0;
        return typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
      },
      z
        .int()
        .min(range.min ?? Number.MIN_SAFE_INTEGER)
        .max(range.max ?? Number.MAX_SAFE_INTEGER),
    )
    .default(0);

/** A Java String: absent is null; numbers and booleans are taken as their text. */
export const textOrNull = () =>
  z
    .preprocess(
      (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value),
      z.string().nullable(),
    )
    .default(null);

/** A Java List of String: absent or null is empty. */
export const texts = () => z.preprocess((value) => value ?? [], z.array(z.string())).default([]);

/** A Java Map of String to String: absent or null is empty. */
export const textMap = () => z.preprocess((value) => value ?? {}, z.record(z.string(), z.string())).default({});

/** A Java enum: absent or null is `absent`. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T, absent: T[number]) =>
  z.preprocess((value) => value ?? absent, z.enum(values)).default(absent as never); // zod's mapped enum type hides that T[number] is its output
