import type { Clock } from '../db/index.js';

interface Bucket {
  perSecond: number | null;
  tokens: number;
  filledAt: number;
}

/** Devices whose tenant is remembered; one that was forgotten is counted late, once. */
const MOST_DEVICES = 100_000;

/**
 * A token bucket for each tenant, holding one second's worth. Which tenant a device belongs to and what its limit is are
 * learnt from the last commit, so a changed limit holds from the device's next request on.
 */
export class TenantRates {
  readonly #tenantOf = new Map<string, string>();
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** @returns seconds to wait, 0 when the request may pass, which then counts; null when its tenant is not known yet */
  secondsToWait(device: string): number | null {
    const bucket = this.#buckets.get(this.#tenantOf.get(device) ?? '');
    if (bucket === undefined) return null;
    if (bucket.perSecond === null) return 0;
    this.#fill(bucket, bucket.perSecond);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return 0;
    }
    return Math.max(1, Math.ceil((1 - bucket.tokens) / bucket.perSecond));
  }

  /** @param uncounted the request passed before its tenant was known, and counts now; at most one second is owed */
  learn(device: string, tenantId: string, perSecond: number | null, uncounted: boolean): void {
    if (this.#tenantOf.size >= MOST_DEVICES) this.#tenantOf.clear();
    this.#tenantOf.set(device, tenantId);
    const bucket = this.#buckets.get(tenantId) ?? { perSecond, tokens: perSecond ?? 0, filledAt: this.clock.now() };
    bucket.perSecond = perSecond;
    if (uncounted) bucket.tokens = Math.max(bucket.tokens - 1, -(perSecond ?? 0));
    this.#buckets.set(tenantId, bucket);
  }

  #fill(bucket: Bucket, perSecond: number): void {
    const now = this.clock.now();
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond);
    bucket.filledAt = now;
  }
}
