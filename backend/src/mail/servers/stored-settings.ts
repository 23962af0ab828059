import { mailServerSettingsSchema, type MailServerSettings } from '@signalpost/contracts';

import { mapSecrets, type SecretBox } from '../../secrets/index.js';

/** Turns settings into the document of `mail_server.settings` and back: the same shape with its secrets sealed. */
export class StoredSettings {
  constructor(private readonly secrets: SecretBox) {}

  seal(tenantId: string, serverId: string, settings: MailServerSettings): string {
    const sealed = mapSecrets(mailServerSettingsSchema, settings, (value, field) =>
      this.secrets.seal(value, { tenantId, entity: entityOf(serverId), field }),
    );
    return JSON.stringify(sealed);
  }

  /** @throws SecretError, ZodError: a document that this version cannot use */
  open(tenantId: string, serverId: string, stored: unknown): MailServerSettings {
    const opened = mapSecrets(mailServerSettingsSchema, stored, (value, field) =>
      this.secrets.open(value, { tenantId, entity: entityOf(serverId), field }),
    );
    return mailServerSettingsSchema.parse(opened);
  }
}

/** Without opening secrets: what a list shows. */
export function viewSettings(stored: unknown): MailServerSettings {
  return mailServerSettingsSchema.parse(mapSecrets(mailServerSettingsSchema, stored, () => 'sealed'));
}

const entityOf = (serverId: string): string => `mail_server/${serverId}`;
