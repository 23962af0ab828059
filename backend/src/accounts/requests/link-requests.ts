import { Inject } from '@nestjs/common';
import { v7 as uuidV7 } from 'uuid';

import { hashToken } from '../../access/index.js';
import { Database } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { AttemptCounts } from '../attempt-counts.js';
import type { Client } from '../client.js';
import { inMinutes } from '../in-minutes.js';
import { networkOf } from '../network.js';

const WINDOW_MINUTES = 60;
/** Requests from one network in a window; enough for an office, too few for a flood. */
const PER_SOURCE = 30;

/**
 * The one path of everybody who wants a mail without being signed in. It does the same for every text: it counts the
 * source and leaves a row. Whether the row names somebody is found out later, by a worker, with nobody waiting.
 */
export class LinkRequests {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AttemptCounts) private readonly counts: AttemptCounts,
  ) {}

  /** Of somebody who forgot the password, or was never activated. @throws ProblemError `too-many-requests` */
  async byAddress(email: string, client: Client): Promise<void> {
    await this.#leave(client, email, null);
  }

  /** Of somebody who holds a link that has expired. @throws ProblemError `too-many-requests` */
  async byExpiredLink(token: string, client: Client): Promise<void> {
    await this.#leave(client, null, hashToken(token));
  }

  async #leave({ address }: Client, email: string | null, tokenHash: Buffer | null): Promise<void> {
    const counted = [{ key: ['link-request', networkOf(address)], limit: PER_SOURCE }];
    const retryAfterSeconds = await this.counts.count(counted, WINDOW_MINUTES);
    if (retryAfterSeconds > 0)
      throw new ProblemError('too-many-requests', {
        detail: `Too many mails were asked for; try again in ${inMinutes(retryAfterSeconds)}.`,
        retryAfterSeconds,
      });
    await this.database.query(INSERT, [uuidV7(), email, tokenHash, address]);
  }
}

const INSERT = 'INSERT INTO link_request (id, email, token_hash, source) VALUES ($1, $2, $3, $4)';
