import { z } from 'zod';

/** A key that seals secrets: AES-256, so 32 bytes; `kid` names it beside what it sealed. */
export interface SecretKey {
  readonly kid: string;
  readonly key: Buffer;
}

/** Nest token of `readonly SecretKey[]`: the first seals, all open. */
export const SECRET_KEYS = Symbol('SECRET_KEYS');

export const SECRET_KEY_BYTES = 32;

const RULE =
  'must be "kid:base64 of 32 bytes", several separated by commas, each kid once. ' +
  "Make one with: node -p \"'k1:'+crypto.randomBytes(32).toString('base64')\"";

/** `kid:base64[,kid:base64…]` */
export const secretKeys = z.string().transform((text, context): readonly SecretKey[] => {
  const keys = text.split(',').map(parseKey);
  const valid = keys.filter((key) => key !== undefined);
  if (valid.length === keys.length && new Set(valid.map((key) => key.kid)).size === keys.length) return valid;
  context.addIssue({ code: 'custom', message: RULE });
  return z.NEVER;
});

function parseKey(text: string): SecretKey | undefined {
  const match = /^([\w-]{1,32}):([A-Za-z0-9+/]+={0,2})$/.exec(text.trim());
  const [, kid, encoded] = match ?? [];
  if (kid === undefined || encoded === undefined) return undefined;
  const key = Buffer.from(encoded, 'base64');
  return key.length === SECRET_KEY_BYTES ? { kid, key } : undefined;
}
