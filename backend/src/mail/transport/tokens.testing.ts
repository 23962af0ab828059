import type { AccessToken, AccessTokenOptions } from '../oauth/token-service.js';
import { refused, type Result } from '../oauth/oauth-failures.js';
import type { MailboxTokens } from './mailbox-tokens.js';

/** Tokens in their order; a forced refresh of the newest goes on to the next. None: nobody has consented. */
export class TestTokens implements MailboxTokens {
  readonly #tokens: readonly string[];
  #at = 0;
  forced = 0;
  asked = 0;
  recovered = 0;
  readonly refusals: [grantRevision: number, reply: string][] = [];

  constructor(...tokens: string[]) {
    this.#tokens = tokens;
  }

  get({ force = false, refusedRevision = this.#at + 1 }: AccessTokenOptions = {}): Promise<Result<AccessToken>> {
    this.asked++;
    if (force && refusedRevision === this.#at + 1) {
      this.forced++;
      this.#at = Math.min(this.#at + 1, this.#tokens.length - 1);
    }
    const token = this.#tokens[this.#at];
    if (token === undefined) return Promise.resolve(refused('consent-ended'));
    return Promise.resolve({
      ok: true,
      value: {
        token,
        expiresAt: Date.now() + 3_600_000,
        grantRevision: this.#at + 1,
        refusedByServer: this.refusals.length > 0,
      },
    });
  }

  refused(grantRevision: number, reply: string): Promise<void> {
    this.refusals.push([grantRevision, reply]);
    return Promise.resolve();
  }

  accepted(): Promise<void> {
    this.recovered++;
    return Promise.resolve();
  }
}
