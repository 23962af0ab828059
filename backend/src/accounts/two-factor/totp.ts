import { createHmac, randomBytes } from 'node:crypto';

/** What every authenticator app understands: HMAC-SHA-1, six digits, thirty seconds (RFC 6238 §4, RFC 4226 §5.3). */
const STEP_SECONDS = 30;
const DIGITS = 6;
/** RFC 4226 §4: 160 bits. */
const SECRET_BYTES = 20;
/** Clocks of phones go wrong, and people type slowly: one step on either side (RFC 6238 §5.2). */
const DRIFT_STEPS = 1;
/** RFC 4648 §6. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** @returns a new secret, base32 without padding */
export const newTotpSecret = (): string => toBase32(randomBytes(SECRET_BYTES));

/** The code of one time step. @param secret base32 */
export function totpAt(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

export const stepOf = (epochMs: number): number => Math.floor(epochMs / 1000 / STEP_SECONDS);

/** @returns the time step that the code belongs to; undefined when it is not one of now */
export function stepOfCode(secret: string, code: string, epochMs: number): number | undefined {
  const now = stepOf(epochMs);
  const steps = Array.from({ length: 2 * DRIFT_STEPS + 1 }, (_, index) => now - DRIFT_STEPS + index);
  return steps.find((step) => step >= 0 && totpAt(secret, step) === code);
}

/** For authenticator apps (the "Key Uri Format" of Google Authenticator). */
export function otpauthUri(secret: string, account: string, issuer: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${secret}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
  return `otpauth://totp/${label}?${query}`;
}

export function toBase32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return groups.map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)]).join('');
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
