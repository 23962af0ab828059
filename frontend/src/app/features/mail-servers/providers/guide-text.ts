/** What the form knows of the names that a guide has in double braces. */
export interface GuideFacts {
  readonly mailbox?: string;
  readonly clientId?: string;
  readonly directoryId?: string;
  readonly redirectUri?: string;
}

const PLACEHOLDER = /\{\{(mailbox|clientId|directoryId|redirectUri)\}\}/g;

/** The guide with the person's own values, without its first heading; what is not known yet stands as it is. */
export function filledGuide(guide: string, facts: GuideFacts): string {
  const filled = guide.replaceAll(PLACEHOLDER, (all, name: keyof GuideFacts) => facts[name] || all);
  return filled.replace(/^# .*\n+/, '');
}
