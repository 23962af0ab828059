const MAX_LINE = 1_000;
/** What looks like a bearer token or a JWT is hidden, whoever's it is. */
const TOKEN_LIKE = /\b(?:eyJ[\w=-]{8,}(?:\.[\w=-]*){0,4}|ya29\.[\w.-]{8,})|\bBearer\s+[\w.~+/=-]{8,}/gi;
const HIDDEN = '…';
/** Shorter secrets would turn every second word of a server into dots, and hide nothing. */
const MIN_SECRET = 3;
const MIN_ENCODED = 4;

/** Removes secrets from what a server says: a hostile or chatty one repeats what it was sent. */
export class Redactor {
  readonly #patterns = new Set<string>();
  #compiled: RegExp | undefined;

  get hidesAnything(): boolean {
    return this.#patterns.size > 0;
  }

  add(secret: string): void {
    if (secret.length < MIN_SECRET) return;
    for (const pattern of patternsOf(secret)) this.#patterns.add(pattern);
    this.#compiled = undefined;
  }

  /** One line, short, without control characters; also where it was cut, no half of a character, which no JSON column takes. */
  clean(text: string, longest = MAX_LINE): string {
    return this.#hide(text)
      .replace(TOKEN_LIKE, HIDDEN)
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .trim()
      .slice(0, longest)
      .toWellFormed();
  }

  /** The longest first, whatever their case: a server may shout. */
  #hide(text: string): string {
    if (!this.hidesAnything) return text;
    this.#compiled ??= new RegExp([...this.#patterns].sort((one, other) => other.length - one.length).join('|'), 'gi');
    return text.replace(this.#compiled, HIDDEN);
  }
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function patternsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const plain = [secret, encodeURIComponent(secret), bytes.toString('hex'), bytes.toString('base64')].map(
    escapePattern,
  );
  return [...plain, ...[0, 1, 2].flatMap((offset) => base64Within(bytes, offset))];
}

/**
 * A base64 text that holds the secret behind `offset` bytes (mod 3) of something else: known by the part that depends on
 * the secret alone, hidden as a whole, as its edges hold the first and the last letters.
 */
function base64Within(secret: Buffer, offset: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(offset), secret]);
  const whole = Math.floor(padded.length / 3) * 4;
  const core = padded.toString('base64').slice(offset === 0 ? 0 : offset + 1, whole);
  const spellings = core.length < MIN_ENCODED ? [] : [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  return spellings.map((spelling) => `[\\w+/-]*${escapePattern(spelling)}[\\w+/=-]*`);
}
