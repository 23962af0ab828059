import { z } from 'zod';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** RFC 4616 §2. */
export const plainResponse = (username: string, password: string): string => base64(`\0${username}\0${password}`);

export const loginResponse = base64;

/** developers.google.com/gmail/imap/xoauth2-protocol; Microsoft the same. */
export const xoauth2Response = (username: string, token: string): string =>
  base64(`user=${username}\x01auth=Bearer ${token}\x01\x01`);

/** RFC 7628 §3.1; commas and equals signs of the name are escaped (RFC 5801 §4). */
export function oauthBearerResponse(
  username: string,
  token: string,
  { host, port }: { host: string; port: number },
): string {
  const name = username.replaceAll('=', '=3D').replaceAll(',', '=2C');
  return base64(`n,a=${name},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`);
}

/** What ends an exchange that the server refused with a challenge: an empty line, or ^A (RFC 7628 §3.2.3). */
export const END_OF_EXCHANGE = { XOAUTH2: '', OAUTHBEARER: base64('\x01') } as const;
export type TokenMechanism = keyof typeof END_OF_EXCHANGE;

const challengeSchema = z.object({
  status: z.coerce.string().catch(''),
  scope: z.coerce.string().catch(''),
  'openid-configuration': z.string().optional().catch(undefined),
});

/** The JSON in a 334 challenge of a refused token; an unreadable one is empty. */
export function readChallenge(text: string): { status: string; scope: string } {
  try {
    const { status, scope } = challengeSchema.parse(JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
    return { status, scope };
  } catch {
    return { status: '', scope: '' };
  }
}
