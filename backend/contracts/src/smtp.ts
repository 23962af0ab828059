/** How a connection to an SMTP server begins. */
import { z } from 'zod';

/** `none` sends in clear; `starttls` requires the upgrade, never falls back; `implicit` is TLS from the first byte. */
export const tlsModeSchema = z.enum(['none', 'starttls', 'implicit']);
export type TlsMode = z.infer<typeof tlsModeSchema>;

/** RFC 6409 §3.1, RFC 8314 §3.3. */
export const DEFAULT_SMTP_PORT: Readonly<Record<TlsMode, number>> = { none: 25, starttls: 587, implicit: 465 };
