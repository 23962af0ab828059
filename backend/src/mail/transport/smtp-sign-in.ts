import type { SMTPPoolOptions } from 'nodemailer';

import type { OAuthFailure } from '../oauth/oauth-failures.js';
import type { AccessToken } from '../oauth/token-service.js';
import { END_OF_EXCHANGE, oauthBearerResponse, readChallenge, xoauth2Response } from '../sasl.js';
import type { MailboxTokens } from './mailbox-tokens.js';

type Handler = NonNullable<SMTPPoolOptions['customAuth']>[string];
type SignInContext = Parameters<Handler>[0];

/** There is no token to sign in with. */
export class NoTokenError extends Error {
  constructor(readonly failure: OAuthFailure) {
    super(failure.message);
  }
}

/** The server does not take this token. */
export class TokenRefusedError extends Error {
  /** @param challenge what the server said before its reply, decoded */
  constructor(
    readonly grantRevision: number,
    readonly challenge: string,
  ) {
    super('The token was refused');
  }
}

/** As nodemailer knows the handler below; its own XOAUTH2 keeps tokens, and tells a direct 535 from a challenge. */
export const TOKEN_SIGN_IN = 'ACCESS-TOKEN';

interface SignIn {
  readonly username: string;
  readonly host: string;
  readonly port: number;
  readonly tokens: MailboxTokens;
  /** Hears of each token before it is sent, to keep it out of replies. */
  readonly used: (token: AccessToken) => void;
}

/**
 * Signs in with an access token, asked for at each connection: XOAUTH2, or OAUTHBEARER (RFC 7628) where the server offers
 * that alone. Without an offer no token leaves: OAUTHBEARER begins without it.
 */
export function tokenSignIn({ tokens, used, ...who }: SignIn): Handler {
  return async (context: SignInContext) => {
    const token = await tokens.get();
    if (!token.ok) throw new NoTokenError(token.failure);
    used(token.value);
    const offered = context.authMethods.includes('XOAUTH2');
    const mechanism = offered ? 'XOAUTH2' : 'OAUTHBEARER';
    const first = await (offered
      ? say(context, `AUTH XOAUTH2 ${xoauth2Response(who.username, token.value.token)}`)
      : bearer(context, oauthBearerResponse(who.username, token.value.token, who)));
    if (first.code === 235) return;
    const { status, scope } = first.code === 334 ? readChallenge(first.text) : { status: '', scope: '' };
    const reply = first.code === 334 ? await say(context, END_OF_EXCHANGE[mechanism]) : first;
    const challenge = [status && `status ${status}`, scope && `scope ${scope}`].filter(Boolean).join(', ');
    if (refusesToken(reply.code)) throw new TokenRefusedError(token.value.grantRevision, challenge);
    throw new Error('The sign-in failed');
  };
}

/** 500 to 504: the server does not know AUTH, or not this way; 4xx: not now. */
const refusesToken = (code: number): boolean => code === 334 || code > 504;

async function bearer(context: SignInContext, response: string): Promise<Reply> {
  const go = await say(context, 'AUTH OAUTHBEARER');
  return go.code === 334 ? say(context, response) : go;
}

interface Reply {
  readonly code: number;
  /** Behind the code, of the first line. */
  readonly text: string;
}

async function say(context: SignInContext, line: string): Promise<Reply> {
  const { response } = await context.sendCommand(line);
  return { code: Number(response.slice(0, 3)), text: response.split('\n')[0]?.slice(4).trim() ?? '' };
}
