/** An alarm with mails that are held behind earlier ones. */
export interface HeldAlarm {
  readonly tenantId: string;
  readonly alarmId: string;
}

/** Tells the sender of this process, right after a commit, that there may be mails to send or settings to use. */
export class OutboxSignal {
  readonly #listeners = new Set<(held: readonly HeldAlarm[]) => void>();

  /** @returns stops listening */
  listen(listener: (held: readonly HeldAlarm[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param held to look at again: what holds a mail may have been settled while the mail was being written */
  wake(held: readonly HeldAlarm[] = []): void {
    for (const listener of this.#listeners) listener(held);
  }
}
