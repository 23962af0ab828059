import { Worker } from 'node:worker_threads';

import type { NodeFailure } from '@signalpost/rule-nodes/runtime';

import { crashedFailure, timeoutFailure, unavailableFailure } from './script-failures.js';
import { TenantTurns } from './tenant-turns.js';
import type { TurnSource } from './turn-source.js';
import { TURN_MS, type Turn, type WorkerMessage } from './worker-protocol.js';

/** Beside this file and of its kind: the source in development, its build in production. */
const WORKER_FILE = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** How much longer than its limit a turn may take before its thread is ended: QuickJS looks at the clock only between instructions. */
const GRACE_MS = 500;

interface UnderWay {
  readonly source: TurnSource;
  readonly turn: Turn;
  readonly watchdog: NodeJS.Timeout;
}

/**
 * One thread and what waits for it. The thread has one turn under way at a time, so when it has to be ended, its turn alone is lost
 * and it is known whose it was. A new thread is started when there is something to do.
 */
export class ScriptWorker {
  readonly #turns = new TenantTurns();
  #thread: Worker | null = null;
  #ready = false;
  #underWay: UnderWay | null = null;
  #lastError = 'the thread ended by itself';

  constructor(private readonly onLost: (source: TurnSource, turn: Turn) => void) {}

  submit(source: TurnSource): void {
    this.#turns.add(source);
    this.#pump();
  }

  waitingCalls(tenantId: string): number {
    return (
      this.#turns.calls(tenantId) + (this.#underWay?.source.tenantId === tenantId ? this.#underWay.source.size : 0)
    );
  }

  /** Fails what waits; nothing may be submitted afterwards. */
  async close(): Promise<void> {
    const thread = this.#detach();
    const underWay = this.#release();
    if (underWay !== null) this.#turns.add(underWay.source);
    this.#failAll('the server is stopping');
    await thread?.terminate();
  }

  #pump(): void {
    if (this.#underWay !== null) return;
    if (this.#thread !== null && !this.#ready) return;
    const source = this.#turns.next();
    if (source === undefined) return;
    if (this.#thread === null) {
      this.#turns.putBack(source);
      this.#start();
    } else this.#give(this.#thread, source);
  }

  #give(thread: Worker, source: TurnSource): void {
    const turn = source.nextTurn();
    const watchdog = setTimeout(() => this.#end(timeoutFailure(turn.limitMs)), turn.limitMs + TURN_MS + GRACE_MS);
    this.#underWay = { source, turn, watchdog };
    thread.postMessage(turn);
  }

  /** Without the environment of the server, whose secrets are none of its business. */
  #start(): void {
    const thread = new Worker(WORKER_FILE, {
      name: 'scripts',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 },
    });
    this.#thread = thread;
    thread.on('message', (message: WorkerMessage) => this.#hear(message));
    thread.on('error', (error) => (this.#lastError = error instanceof Error ? error.message : String(error)));
    thread.on('exit', () => this.#end(crashedFailure()));
  }

  #hear(message: WorkerMessage): void {
    if (message.kind === 'ready') this.#ready = true;
    else {
      const underWay = this.#release();
      underWay?.source.answer(message);
      if (underWay !== null && underWay.source.size > 0) this.#turns.putBack(underWay.source);
    }
    this.#pump();
  }

  /** The thread is ended, or has ended: only the turn under way is lost. One that never got ready would not the next time either. */
  #end(failure: NodeFailure): void {
    const wasReady = this.#ready;
    void this.#detach()?.terminate();
    const lost = this.#release();
    lost?.source.lost(failure);
    if (lost !== null) this.onLost(lost.source, lost.turn);
    if (lost !== null && lost.source.size > 0) this.#turns.putBack(lost.source);
    if (!wasReady) this.#failAll(this.#lastError);
    this.#pump();
  }

  #failAll(reason: string): void {
    for (const source of this.#turns.takeAll()) source.fail(unavailableFailure(reason));
  }

  #release(): UnderWay | null {
    const underWay = this.#underWay;
    if (underWay !== null) clearTimeout(underWay.watchdog);
    this.#underWay = null;
    return underWay;
  }

  /** Events of a thread that was given up are of no interest. */
  #detach(): Worker | null {
    const thread = this.#thread;
    thread?.removeAllListeners();
    this.#thread = null;
    this.#ready = false;
    return thread;
  }
}
