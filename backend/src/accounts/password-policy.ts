import { newPasswordSchema, type PasswordPolicy } from '@signalpost/contracts';

import { ProblemError } from '../http/index.js';
import { COMMON_WORDS } from './common-words.js';

const MIN_DISTINCT_CHARACTERS = 5;
/** A shorter part before the @ stands in too many good passwords by chance. */
const MIN_OWN_LENGTH = 4;

/**
 * The rules of a new password (NIST SP 800-63B §5.1.1.2): long, not common, not made of the account's own name. No rules
 * about kinds of characters, and no expiry: both make people choose worse ones.
 */
export const PASSWORD_POLICY: PasswordPolicy = {
  minLength: newPasswordSchema.minLength ?? 0,
  maxLength: newPasswordSchema.maxLength ?? 0,
  minDistinctCharacters: MIN_DISTINCT_CHARACTERS,
  commonWords: [...COMMON_WORDS],
  ownAddressPart: MIN_OWN_LENGTH,
};

/**
 * Beyond its length, which the schema of every request checks.
 * @param field name of the request's field
 * @throws ProblemError `password-refused`
 */
export function refuseWeakPassword(password: string, email: string, field: string): void {
  const message = weaknessOf(password.toLowerCase(), email.toLowerCase());
  if (message === undefined) return;
  throw new ProblemError('password-refused', {
    detail: `The password ${message}.`,
    errors: [{ pointer: `/${field}`, message }],
  });
}

function weaknessOf(password: string, email: string): string | undefined {
  if (new Set(password).size < MIN_DISTINCT_CHARACTERS)
    return `must have at least ${MIN_DISTINCT_CHARACTERS} different characters`;
  if (isCommon(password)) return 'is among the first that are guessed';
  if (ownPartsOf(email).some((part) => password.includes(part))) return 'must not contain your own address';
  return undefined;
}

/** Once without digits and signs at its ends, which people add to a word that was refused. */
function isCommon(password: string): boolean {
  const core = password.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return COMMON_WORDS.some((word) => word === password || isRepetition(core, word));
}

const isRepetition = (text: string, word: string): boolean =>
  text !== '' && text.length % word.length === 0 && word.repeat(text.length / word.length) === text;

function ownPartsOf(email: string): string[] {
  const local = email.slice(0, email.lastIndexOf('@'));
  return [email, ...(local.length >= MIN_OWN_LENGTH ? [local] : [])];
}
