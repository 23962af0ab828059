import { mailFailure } from '../../failures.js';
import type { ComposedMail, SendResult } from '../mail-transport.js';
import { notSent, type Called } from './api-call.js';

/** What is under way over an API: all recipients or none, and the end is waited for. */
export class ApiSends {
  readonly #underWay = new Set<Promise<unknown>>();
  #closed = false;

  async run({ recipients }: ComposedMail, send: () => Promise<Called>): Promise<SendResult> {
    if (this.#closed) return notSent(mailFailure('connection-lost'));
    const sending = send().catch((error: unknown) => notSent(mailFailure('sending-failed', `(${nameOf(error)})`)));
    this.#underWay.add(sending);
    const called = await sending.finally(() => this.#underWay.delete(sending));
    if (!called.ok) return called;
    const { status, body, headers } = called.answer;
    const { id } = Object(body) as { id?: unknown }; // Object() makes any value indexable; checked below
    const named = headers.get('request-id') ?? (typeof id === 'string' ? id : null);
    return {
      ok: true,
      reply: `${status} accepted${named === null ? '' : ` (${named})`}`,
      accepted: recipients,
      refused: [],
    };
  }

  /** Takes no more. */
  async drained(graceMs: number): Promise<void> {
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, graceMs)));
    await Promise.race([Promise.all(this.#underWay), patience]);
    clearTimeout(timer);
  }
}

/** Never the message: it may hold what was sent. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');
