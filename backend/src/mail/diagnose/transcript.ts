import type { TranscriptLine } from '@signalpost/contracts';

import { Redactor } from '../redactor.js';

const MAX_LINES = 400;

/** What was said, with the secrets removed as it is written down: the clear text is nowhere kept. */
export class Transcript {
  readonly lines: TranscriptLine[] = [];
  readonly #redactor = new Redactor();
  readonly #begin = performance.now();

  /** From now on it does not appear in any spelling. */
  hide(secret: string): void {
    this.#redactor.add(secret);
  }

  /** From then on half a secret may be in what is cut off. */
  get hidesAnything(): boolean {
    return this.#redactor.hidesAnything;
  }

  clean(text: string): string {
    return this.#redactor.clean(text);
  }

  add(from: TranscriptLine['from'], text: string): void {
    if (this.lines.length >= MAX_LINES) return;
    this.lines.push({ ms: Math.round(performance.now() - this.#begin), from, text: this.clean(text) });
  }
}
