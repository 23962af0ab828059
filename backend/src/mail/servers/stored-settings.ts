import { storedMailServerSettingsSchema as schema, type StoredMailServerSettings } from '@signalpost/contracts';

import { mapSecrets, type SecretBox } from '../../secrets/index.js';

/** Turns settings into the document of `mail_server.settings` and back: the same shape with its secrets sealed. */
export class StoredSettings {
  constructor(private readonly secrets: SecretBox) {}

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

const entityOf = (serverId: string): string => `mail_server/${serverId}`;
