/** Where "now" comes from; a test hands in its own. Leases and schedules that several instances share use the database's clock. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
