import type {
  MailServer,
  MailServerSettingsView,
  MailServerSummary,
  NamedSecretState,
  OAuthGrantState,
  SecretReference,
  StoredMailServerSettings,
} from '@signalpost/contracts';

import { portOf } from './check-settings.js';
import { replaceMacros, unsetVariables, type Variables } from './macros.js';
import { referencesOf } from './references.js';
import type { ShownServer } from './server-rows.js';
import { viewSettings } from './stored-settings.js';

export interface ViewContext {
  /** undefined: its secrets cannot be opened. */
  readonly open: (row: ShownServer) => StoredMailServerSettings | undefined;
  /** Of the system's scope alone. */
  readonly variables: Variables | undefined;
}

export function toSummary(row: ShownServer, context: ViewContext): MailServerSummary {
  const view = viewSettings(row.settings);
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    ...reachedOf(view),
    active: row.active,
    isDefault: row.is_default,
    isFallback: row.is_fallback,
    managed: row.managed,
    grantState: row.grant_state,
    from: view.from,
    revision: row.revision,
    problems: problemsOf(row, context),
  };
}

/** @param namesOf secrets of the scope, by id */
export async function toDetail(
  row: ShownServer,
  context: ViewContext,
  namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<MailServer> {
  const view = viewSettings(row.settings);
  const names = await namesOf(referencesOf(view).map(({ secretId }) => secretId));
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    default: row.is_default,
    fallback: row.is_fallback,
    active: row.active,
    managed: row.managed,
    revision: row.revision,
    updatedAt: row.updated_at.getTime(),
    settings: withStates(view, row.secrets_changed, names),
    problems: problemsOf(row, context),
  };
}

function reachedOf(
  view: StoredMailServerSettings,
): Pick<MailServerSummary, 'provider' | 'transport' | 'host' | 'port' | 'tls' | 'authKind'> {
  if (view.provider === 'sandbox')
    return { provider: 'sandbox', transport: null, host: null, port: null, tls: null, authKind: null };
  const { provider, transport, host, tls, auth } = view;
  return { provider, transport, host, port: portOf(view), tls, authKind: auth.kind };
}

/** The settings with a state in the place of each secret. */
function withStates(
  view: StoredMailServerSettings,
  changed: Readonly<Record<string, number>>,
  names: ReadonlyMap<string, string>,
): MailServerSettingsView {
  if (view.provider === 'sandbox') return view;
  const stateOf = (field: string, value: string | SecretReference): NamedSecretState =>
    typeof value === 'string'
      ? { isSet: true, changedAt: changed[field] ?? null, named: null }
      : { isSet: true, changedAt: null, named: { id: value.secretId, name: names.get(value.secretId) ?? '' } };
  const { auth, clientCertificate, dkim, ...open } = view;
  return {
    ...open,
    auth: auth.kind === 'basic' ? { ...auth, password: stateOf('auth.password', auth.password) } : auth,
    ...(clientCertificate && {
      clientCertificate: {
        ...clientCertificate,
        privateKey: stateOf('clientCertificate.privateKey', clientCertificate.privateKey),
      },
    }),
    ...(dkim && { dkim: { ...dkim, privateKey: stateOf('dkim.privateKey', dkim.privateKey) } }),
  };
}

const GRANT_PROBLEMS: Readonly<Partial<Record<OAuthGrantState, string>>> = {
  none: 'Nobody has signed in for it yet: sign in with the mailbox.',
  'waiting-for-consent': 'It waits for the sign-in to be finished.',
  'needs-consent': 'The provider does not accept its sign-in any more: sign in again.',
  failing: 'Its token cannot be renewed: look at the last error of its sign-in.',
};

/** Why it cannot send as it is. */
function problemsOf(row: ShownServer, { open, variables }: ViewContext): string[] {
  const settings = open(row);
  const grant = row.grant_state === null ? undefined : GRANT_PROBLEMS[row.grant_state];
  return [
    ...(settings === undefined ? ['Its secrets cannot be opened: enter them again and save.'] : []),
    ...unset(viewSettings(row.settings), variables),
    ...(grant === undefined ? [] : [grant]),
  ];
}

function unset(view: StoredMailServerSettings, variables: Variables | undefined): string[] {
  if (view.provider === 'sandbox' || variables === undefined) return [];
  const username = view.auth.kind === 'none' ? '' : view.auth.username;
  const names = [view.host, String(view.port ?? ''), username].flatMap((text) => unsetVariables(text, variables));
  const port = replaceMacros(String(view.port ?? 0), variables);
  return [
    ...[...new Set(names)].map((name) => `The variable ${name} is not set where Signalpost runs.`),
    ...(names.length === 0 && !/^\d{1,5}$/.test(port) ? ['What stands for its port is not a number.'] : []),
  ];
}
