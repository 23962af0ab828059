import type { Clock } from '../../db/index.js';
import { endpointOf } from '../../net/index.js';

/** What a tenant may ask of the doctor: enough for somebody who sets a server up, too little for a scan of ports. */
export const DOCTOR_LIMITS = {
  /** At the same time, of a tenant. */
  together: 3,
  /** In an hour, of a tenant. */
  visits: 60,
  /** In an hour, to the same host and port. */
  visitsToOne: 30,
  /** Different hosts and ports in an hour, of a tenant. */
  endpoints: 15,
} as const;

const WINDOW_MS = 3_600_000;
/** What to wait while others are under way. */
const BUSY_SECONDS = 15;

export type Admission =
  | { readonly ok: true; readonly leave: () => void }
  | { readonly ok: false; readonly detail: string; readonly retryAfterSeconds: number };

interface Visit {
  readonly at: number;
  readonly endpoint: string;
}

/** Counts in this process: each instance allows as much. */
export class DoctorLimits {
  readonly #visits = new Map<string, readonly Visit[]>();
  readonly #underWay = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** `leave` must be called when the visit has ended. */
  enter(tenantId: string, host: string, port: number): Admission {
    const now = this.clock.now();
    this.#forget(now);
    const visits = this.#visits.get(tenantId) ?? [];
    const endpoint = endpointOf(host.toLowerCase(), port);
    const refusal = this.#refusal(tenantId, visits, endpoint, now);
    if (refusal !== undefined) return { ok: false, ...refusal };
    this.#visits.set(tenantId, [...visits, { at: now, endpoint }]);
    this.#count(tenantId, 1);
    return { ok: true, leave: once(() => this.#count(tenantId, -1)) };
  }

  #refusal(tenantId: string, visits: readonly Visit[], endpoint: string, now: number) {
    if ((this.#underWay.get(tenantId) ?? 0) >= DOCTOR_LIMITS.together)
      return { detail: 'Other tests are still under way.', retryAfterSeconds: BUSY_SECONDS };
    const same = visits.filter((visit) => visit.endpoint === endpoint);
    const others = new Set(visits.map((visit) => visit.endpoint));
    if (visits.length >= DOCTOR_LIMITS.visits) return waitFor(visits, 'There were too many tests in this hour.', now);
    if (same.length >= DOCTOR_LIMITS.visitsToOne)
      return waitFor(same, `${endpoint} was tested too often in this hour.`, now);
    if (same.length === 0 && others.size >= DOCTOR_LIMITS.endpoints)
      return waitFor(visits, 'Too many different hosts and ports were tested in this hour.', now);
    return undefined;
  }

  #forget(now: number): void {
    for (const [tenantId, visits] of this.#visits) {
      const recent = visits.filter(({ at }) => now - at < WINDOW_MS);
      if (recent.length === 0) this.#visits.delete(tenantId);
      else if (recent.length < visits.length) this.#visits.set(tenantId, recent);
    }
  }

  #count(tenantId: string, change: 1 | -1): void {
    const count = (this.#underWay.get(tenantId) ?? 0) + change;
    if (count === 0) this.#underWay.delete(tenantId);
    else this.#underWay.set(tenantId, count);
  }
}

const waitFor = ([oldest]: readonly Visit[], detail: string, now: number) => ({
  detail,
  retryAfterSeconds: Math.max(1, Math.ceil(((oldest?.at ?? now) + WINDOW_MS - now) / 1000)),
});

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
