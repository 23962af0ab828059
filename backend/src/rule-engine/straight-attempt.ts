import type { RunningEntry, Verdict } from '../queue/index.js';
import type { Ran } from './batch-runner.js';

/** Messages that cannot end here: to be retried, filed, or run slowly. */
export class BelongsIntoQueue extends Error {
  constructor(readonly tenantIds: readonly string[]) {
    super('Some of the messages need the queue.');
  }
}

const TOO_LATE = new Error('The run took too long.');
const NONE: ReadonlySet<RunningEntry> = new Set();

/** Messages run once, as long as somebody waits for it. Once its effects are being written, it is waited for to the end. */
export class StraightAttempt {
  /** Resolves with those that are done with once all have run; with none when the run failed before, or took too long. */
  readonly ran: Promise<ReadonlySet<RunningEntry>>;
  /** Resolves with null after the commit, or with why there was none. */
  readonly failure: Promise<unknown>;
  /** Resolves when nothing of it is under way any more, also after it took too long. */
  readonly over: Promise<void>;
  #state: 'running' | 'given up' | 'ran' = 'running';

  /** @param patienceMs when it is given up if not all have run by then */
  constructor(start: (beforeEffects: (ran: Ran) => void) => Promise<void>, patienceMs: number) {
    const { promise: ran, resolve: tellRan } = Promise.withResolvers<ReadonlySet<RunningEntry>>();
    const { promise: late, resolve: tellLate } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => {
      if (this.#state !== 'running') return;
      this.#state = 'given up';
      tellRan(NONE);
      tellLate(TOO_LATE);
    }, patienceMs);
    const result = start((all) => {
      if (this.#state === 'given up') throw TOO_LATE;
      this.#state = 'ran';
      tellRan(all.ended);
      throwIfUnfinished(all.verdicts);
    }).then(
      () => null,
      (error: unknown) => error,
    );
    this.ran = ran;
    this.failure = Promise.race([result, late]);
    this.over = result.then(() => {
      clearTimeout(timer);
      tellRan(NONE); // where it failed before all had run
    });
  }
}

function throwIfUnfinished(verdicts: readonly Verdict<RunningEntry>[]): void {
  const unfinished = verdicts.filter(needsQueue);
  if (unfinished.length > 0) throw new BelongsIntoQueue(unfinished.map(({ entry }) => entry.tenantId));
}

const needsQueue = ({ retry = [], slow = [], dead = [] }: Verdict<RunningEntry>): boolean =>
  retry.length + slow.length + dead.length > 0;
