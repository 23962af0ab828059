import { mailFailure, type MailFailure } from '../failures.js';
import type { OAuthFailure, Result } from '../oauth/oauth-failures.js';
import type { AccessToken, AccessTokenOptions, TokenService } from '../oauth/token-service.js';
import type { ServerRef } from '../servers/choose-server.js';

/** The access tokens of one mail server's grant. Transports keep none: they ask for each sign-in. */
export interface MailboxTokens {
  get(options?: AccessTokenOptions): Promise<Result<AccessToken>>;
  /**
   * The server takes not even a fresh token: the grant tells so from now on.
   * @param reply what it said, without secrets
   */
  refused(grantRevision: number, reply: string): Promise<void>;
  /** It takes tokens again after it refused one. */
  accepted(): Promise<void>;
}

/** Without a token a mail waits; what to do is the token service's word. */
export const withoutToken = ({ message, advice }: OAuthFailure): MailFailure =>
  mailFailure('no-access-token', `${message} ${advice}`);

/**
 * Another token than the one that was refused, by one forced refresh for all who were refused the same one.
 * @returns null when there is none: the refused one is as fresh as they get
 */
export async function replacement(tokens: MailboxTokens, refusedRevision: number): Promise<Result<AccessToken> | null> {
  const fresh = await tokens.get({ force: true, refusedRevision });
  return fresh.ok && fresh.value.grantRevision === refusedRevision ? null : fresh;
}

/** For routes: the tokens of a server's grant are the token service's. */
export const grantTokens =
  (service: Pick<TokenService, 'accessToken' | 'refusedByServer' | 'acceptedByServer'>) =>
  ({ tenantId, id: serverId }: ServerRef): MailboxTokens => ({
    get: (options) => service.accessToken({ tenantId, serverId }, options),
    refused: (revision, reply) => ifPossible(service.refusedByServer({ tenantId, serverId }, revision, reply)),
    accepted: () => ifPossible(service.acceptedByServer({ tenantId, serverId })),
  });

/** What became of the mail is certain by then, and must not be forgotten over this; the next sign-in tells it again. */
const ifPossible = (told: Promise<void>): Promise<void> => told.catch(() => undefined);
