import type { ServerResponse } from 'node:http';

import { DOCTOR_MEDIA_TYPE, type DoctorEvent } from '@signalpost/contracts';

/** An answer that grows line by line: each a JSON text (NDJSON). */
export class NdjsonAnswer {
  readonly #gone = new AbortController();

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.#gone.abort());
  }

  /** Aborted when nobody listens any more, or nobody shall. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  open(headers: Readonly<Record<string, number | string | string[] | undefined>>): void {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.response.setHeader(name, value);
    this.response.writeHead(200, {
      'Content-Type': `${DOCTOR_MEDIA_TYPE}; charset=utf-8`,
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
  }

  write(event: DoctorEvent): void {
    if (!this.response.writableEnded && !this.response.destroyed) this.response.write(`${JSON.stringify(event)}\n`);
  }

  /** What is under way is to end soon. */
  abort(): void {
    this.#gone.abort();
  }

  close(): void {
    this.response.end();
  }
}
