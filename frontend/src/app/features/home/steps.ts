import type { Role } from '../../core/api/models';
import type { IconName } from '../../ui/icon/icons';

/** How far the set-up is and what went wrong. What a role cannot see counts as fine. */
export interface Facts {
  readonly devices: boolean;
  /** Whether a chain receives the messages. */
  readonly rootChain: boolean;
  readonly brokenChain: boolean;
  readonly deadLetters: boolean;
  /** Whether there is an active default server. */
  readonly mailServer: boolean;
  readonly refusedMails: boolean;
}

/** Each has a title and a text under `home.step.<name>`. */
export type StepName =
  | 'refusedMails'
  | 'deadLetters'
  | 'brokenChain'
  | 'mailServer'
  | 'devices'
  | 'rootChain'
  | 'watchAlarms'
  | 'apiToken'
  | 'tenants';

export interface Step {
  readonly name: StepName;
  readonly icon: IconName;
  readonly link: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Something is wrong, as opposed to something that could be done. */
  readonly urgent: boolean;
}

/** What this person could do now, most urgent first. */
export function stepsOf(role: Role, facts: Facts): readonly Step[] {
  const steps: (Step | false)[] = [
    facts.refusedMails && { ...urgent('refusedMails', 'outbox', '/mail-log'), query: { state: 'refused' } },
    facts.deadLetters && urgent('deadLetters', 'report', '/dead-letters'),
    facts.brokenChain && urgent('brokenChain', 'account-tree', '/rule-chains'),
    !facts.mailServer && urgent('mailServer', 'dns', '/mail-servers'),
    role === 'tenant-administrator' && !facts.devices && step('devices', 'sensors', '/devices'),
    role === 'tenant-administrator' && !facts.rootChain && step('rootChain', 'account-tree', '/rule-chains'),
    role === 'system-administrator' && step('tenants', 'domain', '/tenants'),
    role !== 'system-administrator' && step('watchAlarms', 'notifications', '/alarms'),
    role !== 'customer-user' && step('apiToken', 'key', '/account'),
  ];
  return steps.filter((one) => one !== false);
}

function urgent(name: StepName, icon: IconName, link: string): Step {
  return { name, icon, link, urgent: true };
}

function step(name: StepName, icon: IconName, link: string): Step {
  return { name, icon, link, urgent: false };
}
