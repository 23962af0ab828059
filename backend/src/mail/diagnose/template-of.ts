import type { MailProviderTemplate } from '@signalpost/contracts';

import { MAIL_PROVIDERS } from '../providers/catalogue.js';

/** Every host of a provider, its regions and streams with it. */
export const hostsOf = ({ smtp }: MailProviderTemplate): readonly string[] =>
  smtp === null ? [] : [...(smtp.host === null ? [] : [smtp.host]), ...smtp.otherHosts.map(({ host }) => host)];

/** What is known about the provider of some settings. "custom" is a template, too, and knows nothing: the host says more. */
export function templateOf(
  { provider, host }: { readonly provider?: string | undefined; readonly host?: string | undefined },
  templates: readonly MailProviderTemplate[] = MAIL_PROVIDERS,
): MailProviderTemplate | undefined {
  const name = host?.trim().toLowerCase() ?? '';
  return (
    templates.find(({ id }) => id === provider && id !== 'custom') ??
    templates.find((template) => hostsOf(template).includes(name))
  );
}
