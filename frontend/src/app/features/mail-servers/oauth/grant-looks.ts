import type { OAuthGrant } from '../../../core/api/models';
import type { IconName } from '../../../ui/icon/icons';
import type { Tone } from '../../../ui/status/tag';

export type GrantState = OAuthGrant['state'];

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** How each state of a consent looks. */
export const GRANT_LOOKS: Readonly<Record<GrantState, Look>> = {
  none: { tone: 'neutral', icon: 'key' },
  'waiting-for-consent': { tone: 'warning', icon: 'hourglass-top' },
  valid: { tone: 'positive', icon: 'verified-user' },
  expiring: { tone: 'minor', icon: 'schedule' },
  'needs-consent': { tone: 'critical', icon: 'error-fill' },
  failing: { tone: 'major', icon: 'warning-fill' },
};

/** Whether a person has to sign in before mails can be sent. */
export function needsPerson(state: GrantState): boolean {
  return state === 'none' || state === 'waiting-for-consent' || state === 'needs-consent';
}
