/** R1: can the time of an answer tell whether somebody has an address? */
import { Agent, request } from 'node:http';

import type { Figures, Place } from './cases.ts';
import { KNOWN_ADDRESS } from './contestants.ts';
import { median, nowMs, quantile } from './statistics.ts';

const WARM_UP = 50;

/** One request at a time; each from another network, so that no limit is reached. */
class Asker {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #port: number;
  #asked = 0;

  constructor(port: number) {
    this.#port = port;
  }

  /** @returns milliseconds until the whole answer was there */
  async ask(email: string): Promise<number> {
    const body = JSON.stringify({ email });
    const startedAt = nowMs();
    const status = await this.#send(body);
    if (status !== 204) throw new Error(`A password reset was answered ${status}.`);
    return nowMs() - startedAt;
  }

  end(): void {
    this.#agent.destroy();
  }

  #send(body: string): Promise<number> {
    const n = this.#asked++;
    const headers = {
      'Content-Type': 'application/json',
      'Content-Length': String(Buffer.byteLength(body)),
      'X-Requested-With': 'signalpost',
      'X-Forwarded-For': `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`,
    };
    const options = { agent: this.#agent, port: this.#port, host: '127.0.0.1', method: 'POST', headers };
    return new Promise((resolve, reject) => {
      const sent = request({ ...options, path: '/api/auth/password-reset' }, (answer) => {
        answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
      });
      sent.once('error', reject).end(body);
    });
  }
}

/**
 * Asks for known and unknown addresses of the same length in random order; right after each, a second request that would
 * feel the work on the first one. "slower" is how often a known address took longer than an unknown one: 0.5 tells nothing.
 */
export async function passwordReset({ contestant }: Place, pairs: number): Promise<Figures> {
  const asker = new Asker(contestant.port);
  const times = {
    known: [] as number[],
    unknown: [] as number[],
    afterKnown: [] as number[],
    afterUnknown: [] as number[],
  };
  const unknown = (n: number) => `u${String(n).padStart(4, '0')}@example.org`;
  for (let n = 0; n < WARM_UP; n++) await asker.ask(unknown(n));
  for (let n = 0; n < 2 * pairs; n++) {
    const known = (times.known.length < pairs && Math.random() < 0.5) || times.unknown.length >= pairs;
    times[known ? 'known' : 'unknown'].push(await asker.ask(known ? KNOWN_ADDRESS : unknown(n)));
    times[known ? 'afterKnown' : 'afterUnknown'].push(await asker.ask(unknown(n)));
  }
  asker.end();
  return {
    'known p50 ms': median(times.known),
    'unknown p50 ms': median(times.unknown),
    'known p95 ms': quantile(times.known, 0.95),
    'unknown p95 ms': quantile(times.unknown, 0.95),
    'known slower': slower(times.known, times.unknown),
    'next slower': slower(times.afterKnown, times.afterUnknown),
  };
}

/** The share of pairs in which the first is the greater one (Mann–Whitney U over n·m). */
function slower(first: readonly number[], second: readonly number[]): number {
  const wins = first.map((a) => second.filter((b) => a > b).length).reduce((sum, count) => sum + count, 0);
  return wins / (first.length * second.length);
}
