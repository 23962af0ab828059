import { hashToken } from '../access/index.js';
import type { Clock, Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import type { WakeUp } from '../queue/index.js';
import { type Acceptance, accept, type Arrival } from './accept.js';
import { GroupCommit, OverloadedError } from './group-commit.js';
import { newMessageId } from './message-id.js';
import { type DevicePayload, PayloadError } from './payload.js';
import type { QueueRoom } from './queue-room.js';
import { TenantRates } from './tenant-rates.js';

/**
 * Commits under way at once; a device always uses the same lane, which keeps its order. One is enough: what arrives meanwhile
 * makes the next commit larger, and a larger one costs less a message.
 */
const LANES = 1;
/** Messages of one commit. */
const MOST_OF_A_COMMIT = 500;
/** Messages that may wait for their commit in this process. */
const MOST_HELD = 20_000;

/** Reads a body at a time of its own: `parseTelemetry` or `parseAttributes`. */
export type PayloadParser = (body: string, now: number) => DevicePayload[];

/** The front door: what a device sends is committed to the queue before it is answered. */
export class Ingest {
  readonly #commits: GroupCommit<Arrival, Acceptance>;
  readonly #rates: TenantRates;

  constructor(
    private readonly database: Database,
    private readonly wakeUp: WakeUp,
    private readonly room: QueueRoom,
    private readonly clock: Clock,
  ) {
    this.#commits = new GroupCommit((arrivals) => this.#commit(arrivals), LANES, MOST_OF_A_COMMIT, MOST_HELD);
    this.#rates = new TenantRates(clock);
  }

  /**
   * Resolves when everything in the body is committed; nothing of a refused body is kept.
   *
   * @throws ProblemError malformed-request, too-many-requests, queue-full, unknown-device-token
   */
  async accept(token: string, body: string, parse: PayloadParser): Promise<void> {
    const tokenHash = hashToken(token).toString('hex');
    const uncounted = this.#refuseWhenTooMany(tokenHash);
    const arrivals = this.#read(body, parse).map((payload) => ({ ...payload, tokenHash, messageId: newMessageId() }));
    const [acceptance] = await this.#add(tokenHash, arrivals);
    if (!acceptance) throw new ProblemError('unknown-device-token');
    this.#rates.learn(tokenHash, acceptance.tenantId, acceptance.telemetryPerSecond, uncounted);
  }

  /** @returns whether the request passed uncounted, because nobody knows its tenant yet */
  #refuseWhenTooMany(tokenHash: string): boolean {
    if (this.room.isFull) throw new ProblemError('queue-full', { retryAfterSeconds: 5 });
    const retryAfterSeconds = this.#rates.secondsToWait(tokenHash);
    if (retryAfterSeconds === null) return true;
    if (retryAfterSeconds > 0) throw new ProblemError('too-many-requests', { retryAfterSeconds });
    return false;
  }

  #read(body: string, parse: PayloadParser): DevicePayload[] {
    try {
      return parse(body, this.clock.now());
    } catch (error) {
      if (error instanceof PayloadError) throw new ProblemError('malformed-request', { detail: error.message });
      throw error;
    }
  }

  async #add(tokenHash: string, arrivals: readonly Arrival[]): Promise<Acceptance[]> {
    try {
      return await this.#commits.add(Number.parseInt(tokenHash.slice(0, 8), 16), arrivals);
    } catch (error) {
      if (error instanceof OverloadedError) throw new ProblemError('queue-full', { retryAfterSeconds: 1 });
      throw error;
    }
  }

  async #commit(arrivals: readonly Arrival[]): Promise<Acceptance[]> {
    const { acceptances, partitions } = await accept(this.database, arrivals);
    this.wakeUp.wake(partitions);
    return acceptances;
  }
}
