import type { DeviceLink } from '../device-link/index.js';
import { ProblemError } from '../http/index.js';
import type { DeviceAttributes, Values } from './device-attributes.js';

/** How long a device waits that does not say; ThingsBoard's default, in milliseconds. */
const USUAL_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 300_000;
/** Requests of one device that wait at a time: it asks again before the one before has ended, at most. */
const MOST_WAITING_OF_A_DEVICE = 4;
/** Waiting requests of all devices of this process. */
const MOST_WAITING = 20_000;

/** ThingsBoard's long poll: a request that is answered when a shared attribute of the device is written. */
export class AttributeUpdates {
  readonly #waiting = new Map<string, number>();
  readonly #ends = new Set<() => void>();

  constructor(
    private readonly link: Pick<DeviceLink, 'connect'>,
    private readonly attributes: Pick<DeviceAttributes, 'deviceOf' | 'news'>,
  ) {}

  /**
   * @param timeoutMs 0 = the usual time
   * @param gone aborted when the device does not wait any more
   * @returns null when nothing was written in that time
   * @throws ProblemError unknown-device-token, too-many-requests
   */
  async next(token: string, timeoutMs: number, gone: AbortSignal): Promise<Values | null> {
    const deviceId = await this.attributes.deviceOf(token);
    if (deviceId === null) throw new ProblemError('unknown-device-token');
    this.#count(deviceId);
    try {
      const keys = await this.#wait(deviceId, Math.min(timeoutMs || USUAL_WAIT_MS, LONGEST_WAIT_MS), gone);
      return keys === undefined ? null : await this.attributes.news(token, keys);
    } finally {
      this.#uncount(deviceId);
    }
  }

  /** Answers everybody who waits that nothing was written. */
  stop(): void {
    for (const end of this.#ends) end();
  }

  #wait(deviceId: string, ms: number, gone: AbortSignal): Promise<readonly string[] | null | undefined> {
    return new Promise((resolve) => {
      const end = (keys?: readonly string[] | null): void => {
        clearTimeout(timer);
        disconnect();
        this.#ends.delete(end);
        gone.removeEventListener('abort', leave);
        resolve(keys);
      };
      const leave = (): void => end();
      const disconnect = this.link.connect(deviceId, { changed: end });
      const timer = setTimeout(end, ms);
      this.#ends.add(end);
      gone.addEventListener('abort', leave);
      if (gone.aborted) end();
    });
  }

  #count(deviceId: string): void {
    const waiting = this.#waiting.get(deviceId) ?? 0;
    if (waiting >= MOST_WAITING_OF_A_DEVICE || this.#ends.size >= MOST_WAITING)
      throw new ProblemError('too-many-requests', { retryAfterSeconds: 1 });
    this.#waiting.set(deviceId, waiting + 1);
  }

  #uncount(deviceId: string): void {
    const waiting = (this.#waiting.get(deviceId) ?? 1) - 1;
    if (waiting === 0) this.#waiting.delete(deviceId);
    else this.#waiting.set(deviceId, waiting);
  }
}
