import { storedMailServerSettingsSchema, type AuditChange, type StoredMailServerSettings } from '@signalpost/contracts';
import { z } from 'zod';

import { changedFields } from '../../audit/index.js';
import type { StoredServer } from './server-rows.js';
import { viewSettings } from './stored-settings.js';

/** What of a mail server the audit log tells the changes of. */
const audited = z.object({
  name: z.string(),
  description: z.string(),
  default: z.boolean(),
  fallback: z.boolean(),
  active: z.boolean(),
  settings: storedMailServerSettingsSchema,
});
export type AuditedServer = z.infer<typeof audited>;

/** @param settings opened; undefined where they cannot be: then every secret counts as changed */
export const auditedState = (row: StoredServer, settings: StoredMailServerSettings | undefined): AuditedServer => ({
  name: row.name,
  description: row.description,
  default: row.is_default,
  fallback: row.is_fallback,
  active: row.active,
  settings: settings ?? viewSettings(row.settings),
});

export function changesOf(before: AuditedServer | undefined, after: AuditedServer): AuditChange[] {
  const { name, description, default: isDefault, fallback, active, settings } = after;
  return changedFields(audited, before, { name, description, default: isDefault, fallback, active, settings });
}
