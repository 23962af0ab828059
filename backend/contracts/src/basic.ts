import { z } from 'zod';

const MAX_NAME_LENGTH = 255;

/** Something that a person named: trimmed, on one line. Control and format characters would hide or forge text. */
export const nameSchema = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters`)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]*$/u, 'must not contain control characters');

/** As `nameSchema`, or empty. */
export const labelSchema = z.union([z.literal(''), nameSchema]);

export const idSchema = z.uuid('must be an id');

/** For `:id` in a path. */
export const idParamSchema = z.object({ id: idSchema });

/** Milliseconds since the epoch. */
export const epochMsSchema = z.int();

/** A mailbox as people type it; compared without case. */
export const emailSchema = z.email('must be an email address').max(254, 'must have at most 254 characters');

/** Something else, by its id and with its name for people. */
export const referenceSchema = z.object({ id: z.string(), name: z.string() }).meta({ id: 'Reference' });

const MIN_PASSWORD_LENGTH = 12;

/** A new password. Length is what counts (NIST SP 800-63B); the upper limit keeps hashing cheap. */
export const newPasswordSchema = z
  .string()
  .min(MIN_PASSWORD_LENGTH, `must have at least ${MIN_PASSWORD_LENGTH} characters`)
  .max(256, 'must have at most 256 characters');
