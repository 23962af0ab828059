import type { MailProviderTemplate } from '../../../core/api/models';
import type { FieldWords } from '../../../ui/schema-form/form-texts';
import { type JsonObject, at } from '../../../ui/schema-form/json-value';

/** Shut at first: most people never need them. */
export const FOLDED = ['message', 'security', 'limits', 'signing'];
export const ORDER = ['connection', 'sign-in', 'sender', ...FOLDED];

/** What hardly anybody changes stands in a part of its own. */
const MOVED: Readonly<Record<string, FieldWords>> = {
  returnPath: { section: 'message' },
  readConfirmation: { section: 'message' },
  bcc: { section: 'message' },
  footer: { section: 'message' },
  force: { section: 'message' },
  headers: { section: 'message' },
  defaults: { section: 'message' },
  ehloName: { section: 'limits' },
  clientCertificate: { section: 'security' },
};

/** What the form knows from the provider's template: which ways there are, what they are called there, what to write. */
export function wordsFor(
  template: MailProviderTemplate,
  settings: JsonObject,
  warnsOfClear: string,
): Readonly<Record<string, FieldWords>> {
  const { smtp, username, password, auth, oauth, apiTransports, limits } = template;
  const hosts = smtp?.otherHosts.map(({ host }) => host) ?? [];
  const isOAuth = at(settings, ['auth', 'kind']) === 'oauth2';
  return {
    ...MOVED,
    host: hosts.length > 0 ? { suggestions: [...(smtp?.host ? [smtp.host] : []), ...hosts] } : {},
    transport: { options: ['smtp', ...apiTransports] },
    tls: { widget: 'choice', wide: true, ...(settings['tls'] === 'none' ? { warning: warnsOfClear } : {}) },
    'auth.kind': { options: auth, order: 0.01 },
    'auth.flow': { options: oauth?.flows ?? [], widget: 'select', order: 0.02 },
    'auth.applicationId': { order: 0.03, wide: true },
    'auth.username': { order: 0.04, ...(isOAuth || username.hint === '' ? {} : { hint: username.hint }) },
    'auth.sharedMailbox': { order: 0.05 },
    'auth.password': {
      order: 0.06,
      wide: false,
      label: password.label,
      ...(password.hint === '' ? {} : { hint: password.hint }),
    },
    'auth.scopes': { order: 0.07, placeholder: scopesOf(template, settings) },
    maxConnections: limits.connections === undefined ? {} : { placeholder: String(limits.connections) },
  };
}

/** What is asked for where nothing is written. */
function scopesOf({ oauth }: MailProviderTemplate, settings: JsonObject): string {
  const transport = typeof settings['transport'] === 'string' ? settings['transport'] : 'smtp';
  const flow = at(settings, ['auth', 'flow']);
  const isAppOnly = flow === 'clientCredentials' || flow === 'serviceAccount';
  const known: Readonly<Record<string, readonly string[] | undefined>> =
    (isAppOnly ? oauth?.appOnlyScopes : oauth?.scopes) ?? {};
  return (known[transport] ?? []).join(' ');
}
