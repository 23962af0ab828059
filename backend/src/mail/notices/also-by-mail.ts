import type { ExpiringGrant, ExpiryNotice } from '../oauth/refresher.js';
import type { GrantRef } from '../oauth/grant-row.js';
import type { OAuthFailure } from '../oauth/oauth-failures.js';
import type { NoticeRound } from './notice-round.js';

/** What the refresher tells the log is told to people at once, too; the round knows whom, and over which server. */
export class AlsoByMail implements ExpiryNotice {
  constructor(
    private readonly log: ExpiryNotice,
    private readonly round: Pick<NoticeRound, 'run'>,
  ) {}

  async expiring(grant: ExpiringGrant): Promise<void> {
    await this.log.expiring(grant);
    await this.round.run();
  }

  async ended(ref: GrantRef, mailbox: string, failure: OAuthFailure): Promise<void> {
    await this.log.ended(ref, mailbox, failure);
    await this.round.run();
  }
}
