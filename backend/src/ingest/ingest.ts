import { hashToken } from '../access/index.js';
import type { Clock, Queryable } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import type { StraightEnd, WakeUp } from '../queue/index.js';
import { accept } from './accept.js';
import { GroupCommit, OverloadedError } from './group-commit.js';
import type { Acceptance, Arrival } from './known-devices.js';
import { newMessageId } from './message-id.js';
import { type DevicePayload, PayloadError } from './payload.js';
import type { QueueRoom } from './queue-room.js';
import type { StraightArrivals, StraightOutcome } from './straight-arrivals.js';
import { TenantRates } from './tenant-rates.js';

/** Messages of one commit. */
const MOST_OF_A_COMMIT = 500;
/** Messages that may wait for their commit in this process. */
const MOST_HELD = 20_000;

/** Reads a body at a time of its own: `parseTelemetry` or `parseAttributes`. */
export type PayloadParser = (body: string, now: number) => DevicePayload[];

/** The front door: what a device sends is committed before it is answered, as its effects or as a message of the queue. */
export class Ingest {
  readonly #commits: GroupCommit<Arrival, Acceptance>;
  readonly #rates: TenantRates;

  constructor(
    private readonly database: Queryable,
    private readonly wakeUp: WakeUp,
    private readonly room: QueueRoom,
    private readonly clock: Clock,
    private readonly straight?: Pick<StraightArrivals, 'run'>,
  ) {
    this.#commits = new GroupCommit((arrivals) => this.#commit(arrivals), MOST_OF_A_COMMIT, MOST_HELD);
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
      return await this.#commits.add(tokenHash, arrivals);
    } catch (error) {
      if (error instanceof OverloadedError) throw new ProblemError('queue-full', { retryAfterSeconds: 1 });
      throw error;
    }
  }

  /** What can run at once does so; the rest is queued. A promise where that is not over yet. */
  async #commit(arrivals: readonly Arrival[]): Promise<(Acceptance | Promise<Acceptance>)[]> {
    const outcomes = await this.straight?.run(arrivals);
    if (outcomes === undefined) return this.#enqueue(arrivals);
    const answers: (Acceptance | Promise<Acceptance>)[] = outcomes.map(({ acceptance }) => acceptance);
    for (const [end, unfinished] of unfinishedByEnd(arrivals, outcomes)) {
      const queued = this.#enqueueUnless(end, unfinished);
      for (const [index, { place, acceptance }] of unfinished.entries())
        answers[place] = queued.then((acceptances) =>
          acceptances === null ? acceptance : (acceptances[index] ?? null),
        );
    }
    return answers;
  }

  async #enqueueUnless(isDone: StraightEnd, unfinished: readonly Unfinished[]): Promise<Acceptance[] | null> {
    return (await isDone) ? null : this.#enqueue(unfinished.map(({ arrival }) => arrival));
  }

  async #enqueue(arrivals: readonly Arrival[]): Promise<Acceptance[]> {
    const { acceptances, partitions } = await accept(this.database, arrivals);
    this.wakeUp.wake(partitions);
    return acceptances;
  }
}

/** An arrival that has not been done with at once. */
interface Unfinished {
  readonly arrival: Arrival;
  readonly acceptance: Acceptance;
  readonly place: number;
}

/** Those that share an end are queued together, if they are. */
function unfinishedByEnd(
  arrivals: readonly Arrival[],
  outcomes: readonly StraightOutcome[],
): Map<StraightEnd, Unfinished[]> {
  const found = new Map<StraightEnd, Unfinished[]>();
  for (const [place, arrival] of arrivals.entries()) {
    const { end, acceptance } = outcomes[place] ?? { end: false, acceptance: null };
    if (end === true) continue;
    const group = found.get(end) ?? [];
    group.push({ arrival, acceptance, place });
    found.set(end, group);
  }
  return found;
}
