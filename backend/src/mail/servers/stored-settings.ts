import { storedMailServerSettingsSchema as schema, type StoredMailServerSettings } from '@signalpost/contracts';

import { mapSecrets, type SecretBox } from '../../secrets/index.js';
import { NamedSecrets } from './named-secrets.js';

/** Turns settings into the document of `mail_server.settings` and back: the same shape with its secrets sealed. */
export class StoredSettings {
  /** What settings may refer to. */
  readonly namedSecrets: NamedSecrets;

  constructor(private readonly secrets: SecretBox) {
    this.namedSecrets = new NamedSecrets(secrets);
  }

  seal(tenantId: string, serverId: string, settings: StoredMailServerSettings): string {
    const sealed = mapSecrets(schema, settings, (value, field) =>
      this.secrets.seal(value, { tenantId, entity: entityOf(serverId), field }),
    );
    return JSON.stringify(sealed);
  }

  /** @throws SecretError, ZodError: a document that this version cannot use */
  open(tenantId: string, serverId: string, stored: unknown): StoredMailServerSettings {
    const opened = mapSecrets(schema, stored, (value, field) =>
      this.secrets.open(value, { tenantId, entity: entityOf(serverId), field }),
    );
    return schema.parse(opened);
  }
}

/** Without opening secrets: what a list shows. */
export function viewSettings(stored: unknown): StoredMailServerSettings {
  return schema.parse(mapSecrets(schema, stored, () => 'sealed'));
}

/** As JSON keeps it: without keys that hold nothing, so that equal settings are equal. */
export const asStored = (settings: StoredMailServerSettings): StoredMailServerSettings =>
  schema.parse(JSON.parse(JSON.stringify(settings)));

/** When each secret was entered last (epoch ms), by its path; one that stays keeps its time. */
export function secretsChanged(
  before: Readonly<Record<string, number>>,
  old: StoredMailServerSettings | undefined,
  settings: StoredMailServerSettings,
  now: number,
): Record<string, number> {
  const kept = secretsOf(old);
  return Object.fromEntries(
    [...secretsOf(settings)].map(([field, value]) => [field, kept.get(field) === value ? (before[field] ?? now) : now]),
  );
}

function secretsOf(settings: StoredMailServerSettings | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  mapSecrets(schema, settings, (value, field) => {
    found.set(field, value);
    return value;
  });
  return found;
}

const entityOf = (serverId: string): string => `mail_server/${serverId}`;
