import type { TokenFacts } from '@signalpost/contracts';
import { z } from 'zod';

const words = z
  .union([z.string().transform((text) => text.split(' ').filter((word) => word !== '')), z.array(z.string())])
  .catch([]);
const claimsSchema = z.object({
  aud: z
    .union([z.string(), z.array(z.string()).transform((all) => all.join(', '))])
    .nullable()
    .catch(null),
  scp: words,
  scope: words,
  roles: words,
  upn: z.string().optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
  email: z.string().optional().catch(undefined),
  unique_name: z.string().optional().catch(undefined),
  app_displayname: z.string().optional().catch(undefined),
  exp: z.number().optional().catch(undefined),
});

/**
 * What an access token says about itself, for people to compare; its signature is not checked and nothing is decided by it.
 * Microsoft's are JWTs; Google's are opaque, and then only the expiry is known.
 */
export function tokenFacts(token: string, expiresAt: number | null): TokenFacts {
  const claims = readClaims(token);
  if (claims === undefined) return { audience: null, scopes: [], roles: [], account: null, expiresAt };
  const { aud, scp, scope, roles, exp } = claims;
  const account =
    claims.upn ?? claims.preferred_username ?? claims.email ?? claims.unique_name ?? claims.app_displayname ?? null;
  return {
    audience: aud,
    scopes: [...scp, ...scope],
    roles,
    account,
    expiresAt: exp === undefined ? expiresAt : exp * 1000,
  };
}

function readClaims(token: string): z.infer<typeof claimsSchema> | undefined {
  try {
    const [, payload, signature] = token.split('.');
    if (payload === undefined || signature === undefined) return undefined;
    return claimsSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}
