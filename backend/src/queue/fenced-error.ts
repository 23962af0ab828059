/** Another instance has taken partitions of this batch over: nothing of it may be committed. */
export class FencedError extends Error {
  constructor(partitions: readonly number[]) {
    super(
      `Another instance has taken over (partitions ${partitions.join(', ')}); this batch is given up, its messages are run there.`,
    );
  }
}
