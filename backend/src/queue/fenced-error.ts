/** Another instance has taken the partition over: nothing of this batch may be committed. */
export class FencedError extends Error {
  constructor(partition: number) {
    super(
      `Another instance has taken over partition ${partition}; this batch is given up, its messages are run there.`,
    );
  }
}
