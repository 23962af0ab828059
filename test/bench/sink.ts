import { fork, type ChildProcess } from 'node:child_process';

import type { Arrival, SinkAnswer, SinkCommand } from './smtp-sink.ts';

/** The counting SMTP server, seen from the benchmark. */
export class Sink {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async start({ tls = false } = {}): Promise<Sink> {
    const child = fork(new URL('./smtp-sink.ts', import.meta.url), tls ? ['--tls'] : []);
    const answer = await heard(child, 'port');
    return new Sink(child, answer.port);
  }

  delay(ms: number): void {
    this.#send({ kind: 'delay', ms });
  }

  /** False when there are not that many before the time is up. */
  async reached(mails: number, patienceMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), patienceMs)));
    const reached = heard(this.#child, 'reached').then(() => true);
    this.#send({ kind: 'await', mails });
    return Promise.race([reached, late]).finally(() => clearTimeout(timer));
  }

  /** What has arrived since the last time. */
  async take(): Promise<{ readonly arrivals: readonly Arrival[]; readonly mostConnections: number }> {
    const taken = heard(this.#child, 'taken');
    this.#send({ kind: 'take' });
    return taken;
  }

  stop(): void {
    this.#child.disconnect();
  }

  #send(command: SinkCommand): void {
    this.#child.send(command);
  }
}

function heard<K extends SinkAnswer['kind']>(child: ChildProcess, kind: K): Promise<Extract<SinkAnswer, { kind: K }>> {
  return new Promise((resolve) => {
    const listen = (answer: SinkAnswer): void => {
      if (answer.kind !== kind) return;
      child.off('message', listen);
      resolve(answer as Extract<SinkAnswer, { kind: K }>); // told by its kind
    };
    child.on('message', listen);
  });
}
