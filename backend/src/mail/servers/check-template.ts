import type { ApiTransport, MailProviderTemplate, StoredOutboundSettings } from '@signalpost/contracts';

import { mailProvider } from '../providers/catalogue.js';
import type { SettingsProblem } from './settings-problem.js';

const NAMES: Readonly<Record<ApiTransport, string>> = { graph: 'Microsoft Graph', gmail: 'the Gmail API' };
const SIGN_INS = { none: 'no sign-in', basic: 'a password', oauth2: 'OAuth 2.0' } as const;

/** What the provider does not have. */
export function checkTemplate(settings: StoredOutboundSettings): SettingsProblem[] {
  const template = mailProvider(settings.provider);
  return [...checkTransport(settings, template), ...checkAuth(settings, template)];
}

function checkTransport(
  { transport, auth }: StoredOutboundSettings,
  template: MailProviderTemplate,
): SettingsProblem[] {
  if (transport === 'smtp') return [];
  const at = (message: string) => [{ field: 'transport', message }];
  if (!template.apiTransports.includes(transport))
    return at(`${template.name} does not have ${NAMES[transport]}; choose SMTP.`);
  return auth.kind === 'oauth2' ? [] : at(`${NAMES[transport]} takes OAuth 2.0 alone; choose it as the sign-in.`);
}

function checkAuth({ auth }: StoredOutboundSettings, template: MailProviderTemplate): SettingsProblem[] {
  if (!template.auth.includes(auth.kind)) {
    const offered = template.auth.map((kind) => SIGN_INS[kind]).join(' or ');
    return [
      { field: 'auth.kind', message: `${template.name} does not take ${SIGN_INS[auth.kind]}; it takes ${offered}.` },
    ];
  }
  if (auth.kind !== 'oauth2' || template.oauth?.flows.includes(auth.flow) === true) return [];
  const flows = template.oauth?.flows.join(', ') ?? '';
  return [{ field: 'auth.flow', message: `${template.name} does not have the flow ${auth.flow}; it has ${flows}.` }];
}
