import type { TenantLimits } from '../../core/api/models';

type NumberLimit = { [K in keyof TenantLimits]-?: number extends TenantLimits[K] ? K : never }[keyof TenantLimits];

/** The limits that are numbers, in the order of the form; an optional one that is empty is no limit. */
export const LIMITS: readonly { readonly name: NumberLimit; readonly most: number; readonly optional: boolean }[] = [
  { name: 'systemMailsPerDay', most: 10_000_000, optional: true },
  { name: 'telemetryPerSecond', most: 1_000_000, optional: true },
  { name: 'maxWaitingMails', most: 10_000_000, optional: false },
  { name: 'maxUsers', most: 10_000_000, optional: true },
  { name: 'maxDevices', most: 10_000_000, optional: true },
];

/** Of a new tenant. */
export const emptyLimits = (): Required<TenantLimits> => ({
  mayUseSystemMail: false,
  systemMailsPerDay: 1_000,
  telemetryPerSecond: null,
  maxWaitingMails: 100_000,
  maxUsers: null,
  maxDevices: null,
});
