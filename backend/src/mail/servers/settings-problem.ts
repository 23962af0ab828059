import type { MailFailureCode } from '../failures.js';

/** Something in the settings that keeps them from being saved: `field` is its dotted path. */
export interface SettingsProblem {
  readonly field: string;
  readonly message: string;
  readonly code?: MailFailureCode;
}
