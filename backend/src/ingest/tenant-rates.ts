import type { Clock } from '../db/index.js';

interface Bucket {
  perSecond: number | null;
  tokens: number;
  filledAt: number;
}

/** Devices whose tenant is remembered; forgetting one costs it a single unlimited request. */
const MOST_DEVICES = 100_000;

/**
 * A token bucket for each tenant, holding one second's worth. Which tenant a device belongs to and what its limit is are
 * learnt from the last commit, so a changed limit holds from the device's next request on.
 */
export class TenantRates {
  readonly #tenantOf = new Map<string, string>();
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** @returns seconds to wait; 0 when the request may pass, which then counts */
  secondsToWait(device: string): number {
    const bucket = this.#buckets.get(this.#tenantOf.get(device) ?? '');
    if (bucket === undefined || bucket.perSecond === null) return 0;
    this.#fill(bucket, bucket.perSecond);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.tokens) / bucket.perSecond));
  }

  learn(device: string, tenantId: string, perSecond: number | null): void {
    if (this.#tenantOf.size >= MOST_DEVICES) this.#tenantOf.clear();
    this.#tenantOf.set(device, tenantId);
    const bucket = this.#buckets.get(tenantId);
    if (bucket === undefined)
      this.#buckets.set(tenantId, { perSecond, tokens: (perSecond ?? 1) - 1, filledAt: this.clock.now() });
    else bucket.perSecond = perSecond;
  }

  #fill(bucket: Bucket, perSecond: number): void {
    const now = this.clock.now();
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
  }
}
