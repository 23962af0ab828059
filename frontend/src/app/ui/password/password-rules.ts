/** As `GET /api/auth/password-policy` gives it. */
export interface PasswordRules {
  readonly minLength: number;
  readonly maxLength: number;
  readonly minDistinctCharacters: number;
  readonly commonWords: readonly string[];
  /** A shorter part of an address before the @ is in too many passwords by chance. */
  readonly ownAddressPart: number;
}

/** In the order in which they are shown. */
export const RULE_NAMES = ['length', 'distinct', 'common', 'address'] as const;
export type RuleName = (typeof RULE_NAMES)[number];

/** Which rules a password breaks; the server has the last word. */
export function brokenRules(rules: PasswordRules, password: string, email: string): readonly RuleName[] {
  const small = password.toLowerCase();
  const broken: Readonly<Record<RuleName, boolean>> = {
    length: password.length < rules.minLength || password.length > rules.maxLength,
    distinct: new Set(small).size < rules.minDistinctCharacters,
    common: rules.commonWords.some((word) => small === word || isRepetition(lettersOf(small), word)),
    address: holdsAddress(small, email.toLowerCase(), rules.ownAddressPart),
  };
  return RULE_NAMES.filter((name) => broken[name]);
}

/** Without the digits and signs that people put around a word. */
function lettersOf(small: string): string {
  return small.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}

function isRepetition(text: string, word: string): boolean {
  return text !== '' && text === word.repeat(text.length / word.length);
}

function holdsAddress(small: string, email: string, shortest: number): boolean {
  const local = email.split('@')[0] ?? '';
  return (email !== '' && small.includes(email)) || (local.length >= shortest && small.includes(local));
}
