import { Inject } from '@nestjs/common';

import { ProblemError } from '../../http/index.js';
import { AttemptCounts } from '../attempt-counts.js';
import { networkOf } from '../network.js';
import type { Owner } from './owner.js';

const WINDOW_MINUTES = 15;
/** Six digits, three of them right at a time: 50 tries in a quarter of an hour hit once in a year and a half. */
const LIMITS = { pair: 10, user: 50 } as const;
/** Mails with codes to one address in a window. */
const MAILS = 6;

/** Counts codes that were tried, whatever sign-in they belong to. */
export class SecondFactorLimits {
  constructor(@Inject(AttemptCounts) private readonly counts: AttemptCounts) {}

  /** Before the code is looked at. @throws ProblemError `too-many-requests` */
  async count({ userId }: Owner, source: string): Promise<void> {
    const { pair, user } = keysOf(userId, source);
    const counted = [
      { key: pair, limit: LIMITS.pair },
      { key: user, limit: LIMITS.user },
    ];
    await this.#refuse(counted, 'There were too many codes.');
  }

  async forgive({ userId }: Owner, source: string): Promise<void> {
    const { pair, user } = keysOf(userId, source);
    await this.counts.forget([pair, user]);
  }

  async countMail({ userId }: Owner): Promise<void> {
    await this.#refuse([{ key: ['second-factor-mail', userId], limit: MAILS }], 'Too many codes were sent.');
  }

  async #refuse(counted: Parameters<AttemptCounts['count']>[0], detail: string): Promise<void> {
    const retryAfterSeconds = await this.counts.count(counted, WINDOW_MINUTES);
    if (retryAfterSeconds > 0) throw new ProblemError('too-many-requests', { detail, retryAfterSeconds });
  }
}

function keysOf(userId: string, source: string) {
  return { pair: ['second-factor', userId, networkOf(source)], user: ['second-factor', userId] };
}
