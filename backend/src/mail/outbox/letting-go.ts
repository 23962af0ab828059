import type { HeldPlace, MailGroup } from '../outbox-signal.js';
import type { Holds } from './holds.js';

/** Lets held mails go, one statement after the other: what was not held need not wait for what was. */
export class LettingGo {
  #places: HeldPlace[] = [];
  #running: Promise<void> | undefined;

  /**
   * @param free hears where mails wait now that were held
   * @param failed hears why some could not be let go; the next sweep does it
   */
  constructor(
    private readonly holds: Pick<Holds, 'letGo'>,
    private readonly free: (groups: readonly MailGroup[]) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** What held mails in these places may be settled. */
  add(places: readonly HeldPlace[]): void {
    this.#places.push(...places);
    if (this.#places.length > 0) this.#running ??= this.#run();
  }

  /** Ends when everything that was added has been looked at. */
  async ended(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** Forgets itself with its last step: what is added right after begins a new one. */
  async #run(): Promise<void> {
    try {
      while (this.#places.length > 0) {
        const free = await this.holds.letGo(this.#places.splice(0));
        if (free.length > 0) this.free(free);
      }
    } catch (error) {
      this.failed(error);
    } finally {
      this.#running = undefined;
    }
  }
}
