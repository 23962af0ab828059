import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What the outbox counts. */
export interface MailMetrics {
  /** @param outcome `accepted`, `refused`, `expired` or `retry` */
  attempted(outcome: string, seconds: number): void;
  waiting(mails: number): void;
}

export class PrometheusMailMetrics implements MailMetrics {
  readonly #attempts: Counter;
  readonly #waiting: Gauge;
  readonly #duration: Histogram;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#attempts = new Counter({
      name: 'signalpost_mail_attempts_total',
      help: 'Attempts to send a mail, by what became of the mail',
      labelNames: ['outcome'],
      registers,
    });
    this.#waiting = new Gauge({
      name: 'signalpost_mail_waiting',
      help: 'Mails in the outbox that are not settled',
      registers,
    });
    this.#duration = new Histogram({
      name: 'signalpost_mail_send_duration_seconds',
      help: 'From handing a mail to the connection pool to the answer of the server',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
      registers,
    });
  }

  attempted(outcome: string, seconds: number): void {
    this.#attempts.inc({ outcome });
    this.#duration.observe(seconds);
  }

  waiting(mails: number): void {
    this.#waiting.set(mails);
  }
}
