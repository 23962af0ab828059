/** Tells the worker of this instance that a request waits. Others are found when it looks by itself. */
export class LinkRequestSignal {
  #wake: (() => void) | undefined;

  listen(wake: () => void): void {
    this.#wake = wake;
  }

  wake(): void {
    this.#wake?.();
  }
}
