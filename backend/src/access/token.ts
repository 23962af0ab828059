import { hash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;

/** A random secret for a URL, a header or a cookie: 256 bits, base64url. */
export const newToken = (prefix = ''): string => prefix + randomBytes(TOKEN_BYTES).toString('base64url');

/** What the database keeps of a token. Random tokens need no slow hash: there is nothing to guess. */
export const hashToken = (token: string): Buffer => hash('sha256', token, 'buffer');
