import type { SecretReference, StoredMailServerSettings, StoredOutboundSettings } from '@signalpost/contracts';

import type { UnitOfWork } from '../../db/index.js';
import { SecretError } from '../../secrets/index.js';
import type { OAuthApplications } from '../oauth/applications.js';
import { isAppOnly } from '../oauth/grants.js';
import type { SettingsProblem } from './settings-problem.js';
import type { Connectors } from './connectors.js';
import type { NamedSecrets } from './named-secrets.js';

type MaySecret = string | SecretReference;

/** Every secret of some settings by its path: a text, or a reference. */
export function secretsByPath(settings: StoredMailServerSettings): readonly (readonly [field: string, MaySecret])[] {
  if (settings.provider === 'sandbox') return [];
  const { auth, clientCertificate, dkim } = settings;
  return [
    ...(auth.kind === 'basic' ? [['auth.password', auth.password] as const] : []),
    ...(clientCertificate ? [['clientCertificate.privateKey', clientCertificate.privateKey] as const] : []),
    ...(dkim ? [['dkim.privateKey', dkim.privateKey] as const] : []),
  ];
}

export const referencesOf = (
  settings: StoredMailServerSettings,
): readonly { readonly field: string; readonly secretId: string }[] =>
  secretsByPath(settings).flatMap(([field, value]) =>
    typeof value === 'string' ? [] : [{ field, secretId: value.secretId }],
  );

/** The settings with their named secrets in hand. @throws SecretError when one is gone */
export function withNamedSecrets(
  settings: StoredOutboundSettings,
  named: ReadonlyMap<string, string>,
): StoredOutboundSettings {
  const valueOf = (value: MaySecret): string => {
    const found = typeof value === 'string' ? value : named.get(value.secretId);
    if (found === undefined) throw new SecretError('A secret that the settings name is gone. Choose another one.');
    return found;
  };
  const { auth, clientCertificate, dkim } = settings;
  return {
    ...settings,
    auth: auth.kind === 'basic' ? { ...auth, password: valueOf(auth.password) } : auth,
    ...(clientCertificate && {
      clientCertificate: { ...clientCertificate, privateKey: valueOf(clientCertificate.privateKey) },
    }),
    ...(dkim && { dkim: { ...dkim, privateKey: valueOf(dkim.privateKey) } }),
  };
}

/** Of the scope's own store: no other store is looked at. */
export const openReferences = (
  uow: UnitOfWork,
  secrets: NamedSecrets,
  tenantId: string,
  settings: StoredMailServerSettings,
): Promise<ReadonlyMap<string, string>> =>
  secrets.open(
    uow,
    tenantId,
    referencesOf(settings).map(({ secretId }) => secretId),
  );

interface Rooms {
  readonly connectors: Connectors;
  readonly applications: Pick<OAuthApplications, 'find'>;
}

interface Referring {
  readonly settings: StoredMailServerSettings;
  readonly ownApplication?: object;
}

/** Whether everything that the settings name exists for this scope. */
export async function checkReferences(
  uow: UnitOfWork,
  rooms: Rooms,
  tenantId: string,
  { settings, ownApplication }: Referring,
  opened: ReadonlyMap<string, string>,
): Promise<SettingsProblem[]> {
  if (settings.provider === 'sandbox') return [];
  const missing = referencesOf(settings).filter(({ secretId }) => !opened.has(secretId));
  return [
    ...missing.map(({ field }) => ({ field, message: 'there is no such secret, or it cannot be opened; choose one.' })),
    ...(await checkConnector(uow, rooms.connectors, tenantId, settings.connectorId ?? null)),
    ...(ownApplication === undefined ? await checkApplication(uow, rooms, tenantId, settings) : []),
  ];
}

async function checkConnector(
  uow: UnitOfWork,
  connectors: Connectors,
  tenantId: string,
  id: string | null,
): Promise<SettingsProblem[]> {
  if (id === null || (await connectors.mayUse(uow, tenantId, id))) return [];
  return [{ field: 'connectorId', message: 'there is no such connector; choose one of those that are shared.' }];
}

async function checkApplication(
  uow: UnitOfWork,
  { applications }: Rooms,
  tenantId: string,
  { provider, auth }: Exclude<StoredMailServerSettings, { provider: 'sandbox' }>,
): Promise<SettingsProblem[]> {
  if (auth.kind !== 'oauth2') return [];
  const field = 'auth.applicationId';
  const application = await applications.find(uow, tenantId, auth.applicationId);
  if (application === undefined) return [{ field, message: 'there is no such OAuth application; choose one.' }];
  if (application.provider !== provider)
    return [
      { field, message: `"${application.name}" is registered at another provider; choose one of this provider.` },
    ];
  if (application.tenant_id === tenantId || !isAppOnly(auth.flow)) return [];
  return [
    {
      field: 'auth.flow',
      message: `"${application.name}" is shared for people to sign in; ${auth.flow} needs one of your own.`,
    },
  ];
}
