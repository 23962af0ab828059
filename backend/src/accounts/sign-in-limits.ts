import { Inject } from '@nestjs/common';

import { ProblemError } from '../http/index.js';
import { AttemptCounts } from './attempt-counts.js';
import { inMinutes } from './in-minutes.js';
import { networkOf } from './network.js';

const WINDOW_MINUTES = 15;

/** Attempts in a window. The first stops guessing one password, without letting a stranger lock out the owner; the others stop a crowd and a list. */
const LIMITS = { pair: 10, address: 50, source: 100 } as const;

/**
 * Counts sign-ins for each address, source and pair of both. An attempt is counted before the password is looked at:
 * attempts at the same time cannot slip through.
 */
export class SignInLimits {
  constructor(@Inject(AttemptCounts) private readonly counts: AttemptCounts) {}

  /** @throws ProblemError `too-many-requests` with the seconds until the window ends */
  async count(email: string, source: string): Promise<void> {
    const { pair, address, network } = keysOf(email, source);
    const counted = [
      { key: pair, limit: LIMITS.pair },
      { key: address, limit: LIMITS.address },
      { key: network, limit: LIMITS.source },
    ];
    const retryAfterSeconds = await this.counts.count(counted, WINDOW_MINUTES);
    if (retryAfterSeconds === 0) return;
    throw new ProblemError('too-many-requests', {
      detail: `There were too many attempts to sign in; try again in ${inMinutes(retryAfterSeconds)}.`,
      retryAfterSeconds,
    });
  }

  /** Who knew the password, or holds a link that was sent to the address, is no guesser. */
  async forgive(email: string, source: string): Promise<void> {
    const { pair, address, network } = keysOf(email, source);
    await this.counts.forget([pair, address]);
    await this.counts.takeBack(network);
  }
}

function keysOf(email: string, source: string) {
  const [address, network] = [email.toLowerCase(), networkOf(source)];
  return { pair: ['pair', address, network], address: ['address', address], network: ['source', network] };
}
