/** "No mails about this alarm", as a person said it. */
export interface MutedAlarm {
  /** Who. */
  readonly by: string;
  /** Epoch milliseconds; null: until the alarm clears. */
  readonly until: number | null;
  readonly reason: string | null;
}

/** What the room that keeps alarms knows of those that are muted now. */
export interface MutedAlarms {
  /** @returns in the order of the alarms; null: not muted */
  find(
    alarms: readonly { readonly tenantId: string; readonly alarmId: string }[],
  ): Promise<readonly (MutedAlarm | null)[]>;
}

/** Bound by `app.module`. */
export const MUTED_ALARMS = Symbol('MutedAlarms');
