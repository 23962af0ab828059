import type { Log } from '../http/index.js';

/** What must be closed when the process ends, newest first, also after a start that failed half-way. */
export class Closing {
  readonly #steps: (() => Promise<void> | void)[] = [];
  #begun = false;

  get hasBegun(): boolean {
    return this.#begun;
  }

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** A step that fails does not keep the others from being done. */
  async run(log: Log): Promise<void> {
    this.#begun = true;
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        log.warn({ err: error }, 'Something did not close cleanly');
      }
    }
  }
}
