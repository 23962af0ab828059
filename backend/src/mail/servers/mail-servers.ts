import { isDeepStrictEqual } from 'node:util';

import {
  MAIL_SERVER_SCHEMA_VERSION,
  storedMailServerSettingsSchema,
  type MailServerDefinition,
  type MailServerSummary,
  type StoredMailServerSettings,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Queryable, UnitOfWork } from '../../db/index.js';
import { endpointOf, type EgressGuard } from '../../net/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { OutboxSignal } from '../outbox-signal.js';
import { checkSettings, portOf } from './check-settings.js';
import { viewSettings, type StoredSettings } from './stored-settings.js';

export interface MailServerInput {
  /** Absent: the server of this name, or a new one. */
  readonly id?: string;
  readonly name: string;
  /** Takes the place of the tenant's default server. The first server of a tenant is its default in any case. */
  readonly default: boolean;
  readonly active: boolean;
  readonly settings: StoredMailServerSettings;
  /** Named by the provisioning file. */
  readonly managed: boolean;
  /** Whoever writes it may let it dial into private networks: the provisioning file, which the operator owns. */
  readonly mayDialAnywhere?: boolean;
}

export interface SavedMailServer {
  readonly id: string;
  readonly revision: number;
  /** false: all was as given; nothing was written. */
  readonly changed: boolean;
}

export type SaveResult =
  { readonly ok: true; readonly value: SavedMailServer } | { readonly ok: false; readonly failure: MailFailure };

interface StoredServer {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly is_default: boolean;
  readonly managed: boolean;
  readonly revision: number;
  readonly settings: unknown;
  readonly dial_allowed: string[];
}

/** What is to be stored. */
type WantedServer = MailServerInput & { readonly dialAllowed: readonly string[] };

/** The one writer of `mail_server`, for the system's servers (nil tenant) and the tenants'. */
export class MailServers {
  constructor(
    private readonly stored: StoredSettings,
    private readonly egress: EgressGuard,
    private readonly signal: OutboxSignal,
  ) {}

  /** Idempotent: what equals the stored server, its secrets opened, writes nothing and keeps the revision. */
  async save(uow: UnitOfWork, tenantId: string, input: MailServerInput): Promise<SaveResult> {
    const servers = await loadAll(uow, tenantId);
    const existing = servers.find((server) =>
      input.id === undefined ? server.name === input.name : server.id === input.id,
    );
    if (existing === undefined && input.id !== undefined)
      return { ok: false, failure: mailFailure('mail-server-missing') };
    const dialAllowed = allowedTo(input, existing);
    const failure = checkSettings(input.settings, this.egress, dialAllowed);
    if (failure !== undefined) return { ok: false, failure };
    const wanted = {
      ...input,
      dialAllowed,
      default: input.default || !servers.some((server) => server.is_default && server !== existing),
    };
    const value =
      existing === undefined
        ? await this.#insert(uow, tenantId, wanted)
        : await this.#update(uow, tenantId, existing, wanted);
    if (value.changed) uow.afterCommit(() => this.signal.wake());
    return { ok: true, value };
  }

  /** Every server of the tenant, its default first; without secrets. */
  async list(db: Queryable, tenantId: string): Promise<MailServerSummary[]> {
    const rows = await db.query<StoredServer>(
      'SELECT id, name, active, is_default, managed, revision, settings FROM mail_server WHERE tenant_id = $1 ORDER BY is_default DESC, name',
      [tenantId],
    );
    return rows.map(toSummary);
  }

  /** The id of the tenant's server of this name, or null. */
  async findByName(db: Queryable, tenantId: string, name: string): Promise<string | null> {
    const [found] = await db.query<{ id: string }>('SELECT id FROM mail_server WHERE tenant_id = $1 AND name = $2', [
      tenantId,
      name,
    ]);
    return found?.id ?? null;
  }

  /** Marks as not managed what the provisioning file no longer names. @returns the names of what was so until now */
  async release(uow: UnitOfWork, tenantId: string, managedIds: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ name: string }>(
      'UPDATE mail_server SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING name',
      [tenantId, managedIds],
    );
    return rows.map((row) => row.name);
  }

  async #insert(uow: UnitOfWork, tenantId: string, input: WantedServer): Promise<SavedMailServer> {
    const id = uuidV7();
    if (input.default) await takeDefault(uow, tenantId, id);
    await uow.query(
      `INSERT INTO mail_server (tenant_id, id, name, active, is_default, managed, settings, schema_version, dial_allowed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        tenantId,
        id,
        input.name,
        input.active,
        input.default,
        input.managed,
        this.stored.seal(tenantId, id, input.settings),
        MAIL_SERVER_SCHEMA_VERSION,
        input.dialAllowed,
      ],
    );
    return { id, revision: 1, changed: true };
  }

  async #update(uow: UnitOfWork, tenantId: string, old: StoredServer, input: WantedServer): Promise<SavedMailServer> {
    const sameUse =
      this.#sameSettings(tenantId, old, input.settings) &&
      isDeepStrictEqual(old.dial_allowed, input.dialAllowed) &&
      old.active === input.active &&
      old.name === input.name;
    const sameFlags = old.is_default === input.default && old.managed === input.managed;
    if (sameUse && sameFlags) return { id: old.id, revision: old.revision, changed: false };
    if (input.default) await takeDefault(uow, tenantId, old.id);
    const revision = sameUse ? old.revision : old.revision + 1;
    const settings = sameUse ? null : this.stored.seal(tenantId, old.id, input.settings);
    await uow.query(
      `UPDATE mail_server SET name = $3, active = $4, is_default = $5, managed = $6, settings = coalesce($7, settings),
         schema_version = $8, revision = $9, dial_allowed = $10, updated_at = now() WHERE tenant_id = $1 AND id = $2`,
      [
        tenantId,
        old.id,
        input.name,
        input.active,
        input.default,
        input.managed,
        settings,
        MAIL_SERVER_SCHEMA_VERSION,
        revision,
        input.dialAllowed,
      ],
    );
    return { id: old.id, revision, changed: true };
  }

  /** A stored secret that no longer opens equals nothing: saving heals it. */
  #sameSettings(tenantId: string, old: StoredServer, settings: StoredMailServerSettings): boolean {
    try {
      return isDeepStrictEqual(this.stored.open(tenantId, old.id, old.settings), settings);
    } catch {
      return false;
    }
  }
}

function toSummary({
  id,
  name,
  active,
  is_default: isDefault,
  managed,
  revision,
  settings,
}: StoredServer): MailServerSummary {
  const view = viewSettings(settings);
  const told = { description: '', isFallback: false, grantState: null, problems: [] };
  return { id, name, ...told, ...reachedOf(view), active, isDefault, managed, from: view.from, revision };
}

function reachedOf(
  view: StoredMailServerSettings,
): Pick<MailServerSummary, 'provider' | 'transport' | 'host' | 'port' | 'tls' | 'authKind'> {
  if (view.provider === 'sandbox')
    return { provider: 'sandbox', transport: null, host: null, port: null, tls: null, authKind: null };
  const { provider, transport, host, tls, auth } = view;
  return { provider, transport, host, port: portOf(view), tls, authKind: auth.kind };
}

/** What the provisioning file writes on one level, apart again. */
export function splitDefinition(definition: MailServerDefinition): Omit<MailServerInput, 'id' | 'managed'> {
  const { name, description: _description, default: isDefault, fallback: _fallback, active, ...settings } = definition;
  return { name, default: isDefault, active, settings: storedMailServerSettingsSchema.parse(settings) };
}

/** Locked, so that two saves of one tenant cannot both become its default. */
function loadAll(uow: UnitOfWork, tenantId: string): Promise<StoredServer[]> {
  return uow.query<StoredServer>(
    'SELECT id, name, active, is_default, managed, revision, settings, dial_allowed FROM mail_server WHERE tenant_id = $1 ORDER BY id FOR UPDATE',
    [tenantId],
  );
}

/** Editing the host or the port takes the permission away again, unless whoever edits may give it. */
function allowedTo({ settings, mayDialAnywhere = false }: MailServerInput, old: StoredServer | undefined): string[] {
  if (settings.provider === 'sandbox') return [];
  const endpoint = endpointOf(settings.host, Number(portOf(settings)));
  return mayDialAnywhere || old?.dial_allowed.includes(endpoint) === true ? [endpoint] : [];
}

async function takeDefault(uow: UnitOfWork, tenantId: string, id: string): Promise<void> {
  await uow.query('UPDATE mail_server SET is_default = false WHERE tenant_id = $1 AND is_default AND id <> $2', [
    tenantId,
    id,
  ]);
}
