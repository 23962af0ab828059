/** Tells the consumers of this process that a partition has work, at once after the commit that put it there. */
export class WakeUp {
  readonly #listeners = new Set<(partitions: readonly number[]) => void>();

  /** @returns stops listening */
  listen(listener: (partitions: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(partitions: readonly number[]): void {
    for (const listener of this.#listeners) listener(partitions);
  }
}
