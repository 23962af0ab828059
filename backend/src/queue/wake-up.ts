import type { Peers } from '../db/index.js';
import { ALL_PARTITIONS } from './partitions.js';

/**
 * Tells the consumers of this process that a partition has work, at once after the commit that put it there; those of other
 * instances hear a little later that there is something.
 */
export class WakeUp {
  readonly #listeners = new Set<(partitions: readonly number[]) => void>();

  constructor(private readonly peers?: Pick<Peers, 'listen' | 'tell'>) {
    peers?.listen('queue', () => this.#wake(ALL_PARTITIONS));
  }

  /** @returns stops listening */
  listen(listener: (partitions: readonly number[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  wake(partitions: readonly number[]): void {
    this.#wake(partitions);
    this.peers?.tell('queue');
  }

  #wake(partitions: readonly number[]): void {
    for (const listener of this.#listeners) listener(partitions);
  }
}
