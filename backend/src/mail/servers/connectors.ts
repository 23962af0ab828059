import { isDeepStrictEqual } from 'node:util';

import {
  CONNECTOR_SCHEMA_VERSION,
  connectorSettingsSchema,
  type Connector,
  type ConnectorInput,
  type ConnectorSettings,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';
import { z } from 'zod';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import type { Queryable, Saved, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { mapSecrets, type SecretBox } from '../../secrets/index.js';
import { refuseManaged } from './named-secrets.js';
import { renewUsersOfConnector, usersOfConnector } from './server-rows.js';

/** A connector, its password in clear: on its way in. */
export interface ConnectorToSave {
  /** Absent: the connector of this name, or a new one. */
  readonly id?: string;
  /** What the change is made to; absent: whatever is there. */
  readonly revision?: number;
  readonly name: string;
  readonly shared: boolean;
  readonly default: boolean;
  readonly settings: ConnectorSettings;
  readonly managed: boolean;
  readonly by: Actor;
}

/** `mail_connector` as SQL gives it; the password is sealed inside `settings`. */
export interface ConnectorRow {
  readonly id: string;
  readonly name: string;
  readonly shared: boolean;
  readonly is_default: boolean;
  readonly settings: unknown;
  readonly secrets_changed: Readonly<Record<string, number>>;
  readonly revision: number;
  readonly managed: boolean;
}

/** For the audit log: what of a connector can change. */
const audited = z.object({
  name: z.string(),
  shared: z.boolean(),
  default: z.boolean(),
  settings: connectorSettingsSchema,
});

/** Ways through a proxy. The system administrator keeps them; tenants choose among the shared ones. The one writer of `mail_connector`. */
export class Connectors {
  constructor(private readonly secrets: SecretBox) {}

  /** A tenant sees the shared ones, and of them no more than it needs to choose. */
  async list(db: Queryable, tenantId: string): Promise<Connector[]> {
    const rows = await db.query<ConnectorRow>('SELECT * FROM mail_connector WHERE $1 OR shared ORDER BY name', [
      tenantId === SYSTEM_TENANT_ID,
    ]);
    return rows.map((row) => view(row, tenantId));
  }

  /** @throws ProblemError `not-found` */
  async get(db: Queryable, tenantId: string, id: string): Promise<Connector> {
    const found = (await this.list(db, tenantId)).find((connector) => connector.id === id);
    if (found === undefined) throw new ProblemError('not-found');
    return found;
  }

  async idOf(db: Queryable, name: string): Promise<string | undefined> {
    const [row] = await db.query<{ id: string }>('SELECT id FROM mail_connector WHERE name = $1', [name]);
    return row?.id;
  }

  /** Whether a scope may choose it; it cannot be deleted or taken back before the caller's commit. */
  async mayUse(uow: UnitOfWork, tenantId: string, id: string): Promise<boolean> {
    const rows = await uow.query('SELECT 1 FROM mail_connector WHERE id = $1 AND (shared OR $2) FOR SHARE', [
      id,
      tenantId === SYSTEM_TENANT_ID,
    ]);
    return rows.length > 0;
  }

  /** @throws SecretError, ZodError */
  open({ id, settings }: Pick<ConnectorRow, 'id' | 'settings'>): ConnectorSettings {
    return connectorSettingsSchema.parse(
      mapSecrets(connectorSettingsSchema, settings, (value, field) => this.secrets.open(value, placeOf(id, field))),
    );
  }

  /**
   * Idempotent. A change is seen by every mail server that goes this way at once.
   * @throws ProblemError `not-found`, `changed-meanwhile`, `name-taken`, `validation-failed`, `mail-connector-in-use`
   */
  async save(uow: UnitOfWork, wanted: ConnectorToSave): Promise<Saved> {
    if (wanted.default && !wanted.shared) throw invalid('/default', 'only a shared connector can be the default one');
    const old = await lock(uow, wanted);
    if (await isTaken(uow, wanted.name, old?.id)) throw new ProblemError('name-taken');
    if (old !== undefined && old.shared && !wanted.shared) await refuseTenants(uow, old.id);
    const before = old === undefined ? undefined : this.#state(old);
    const { name, shared, default: isDefault, settings } = wanted;
    const after = { name, shared, default: isDefault, settings };
    if (old !== undefined && isDeepStrictEqual(before, after) && old.managed === wanted.managed)
      return { id: old.id, change: 'unchanged' };
    const id = old?.id ?? uuidV7();
    if (isDefault) await uow.query('UPDATE mail_connector SET is_default = false WHERE is_default AND id <> $1', [id]);
    const changed =
      before?.settings.password === settings.password
        ? (old?.secrets_changed ?? {})
        : settings.password === undefined
          ? {}
          : { password: Date.now() };
    await uow.query(
      `INSERT INTO mail_connector (id, name, shared, is_default, settings, schema_version, secrets_changed, managed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id) DO UPDATE SET name = $2, shared = $3, is_default = $4, settings = $5, schema_version = $6,
         secrets_changed = $7, managed = $8, revision = mail_connector.revision + 1`,
      [
        ...[id, name, shared, isDefault, this.#seal(id, settings), CONNECTOR_SCHEMA_VERSION],
        ...[JSON.stringify(changed), wanted.managed],
      ],
    );
    await renewUsersOfConnector(uow, id, isDefault || old?.is_default === true);
    await Audit.record(uow, {
      ...wanted.by,
      tenantId: SYSTEM_TENANT_ID,
      action: old === undefined ? 'mail-connector.created' : 'mail-connector.updated',
      entity: { type: 'mail-connector', id, name },
      changes: changedFields(audited, before, after),
    });
    return { id, change: old === undefined ? 'created' : 'updated' };
  }

  /** @throws ProblemError `not-found`, `changed-meanwhile`, `managed-by-file`, `mail-connector-in-use` */
  async remove(uow: UnitOfWork, id: string, revision: number | undefined, by: Actor): Promise<void> {
    const row = await lock(uow, { id, revision });
    if (row === undefined) throw new ProblemError('not-found');
    refuseManaged(row);
    const users = await usersOfConnector(uow, id);
    if (users.length > 0) throw new ProblemError('mail-connector-in-use', { detail: namesOf(users) });
    await uow.query('DELETE FROM mail_connector WHERE id = $1', [id]);
    await renewUsersOfConnector(uow, id, row.is_default);
    await Audit.record(uow, {
      ...by,
      tenantId: SYSTEM_TENANT_ID,
      action: 'mail-connector.deleted',
      entity: { type: 'mail-connector', id, name: row.name },
    });
  }

  /**
   * What a page sends, with the password that stays. It never follows to another proxy or user.
   * @throws ProblemError `validation-failed`
   */
  async fromInput(
    db: Queryable,
    input: ConnectorInput,
    of: { readonly id: string; readonly revision: number } | undefined,
    by: Actor,
  ): Promise<ConnectorToSave> {
    const { name, shared, default: isDefault, password, ...open } = input;
    const [row] =
      of === undefined ? [] : await db.query<ConnectorRow>('SELECT * FROM mail_connector WHERE id = $1', [of.id]);
    if (row !== undefined) refuseManaged(row);
    const old = row === undefined ? undefined : this.#opened(row);
    const kept = password.change === 'keep' ? old?.password : undefined;
    const moved =
      old !== undefined && (old.host !== open.host || old.username !== open.username || old.kind !== open.kind);
    if (moved && kept !== undefined)
      throw invalid('/password', 'must be entered again: it belongs to another proxy or user, and is not sent there');
    const value = password.change === 'set' ? password.value : kept;
    const settings = { ...open, ...(value === undefined ? {} : { password: value }) };
    return { ...of, name, shared, default: isDefault, settings, managed: false, by };
  }

  /** Marks as not managed what the provisioning file no longer names. @returns the names of what was so until now */
  async release(uow: UnitOfWork, managedIds: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ name: string }>(
      'UPDATE mail_connector SET managed = false WHERE managed AND id <> ALL ($1::uuid[]) RETURNING name',
      [managedIds],
    );
    return rows.map((row) => row.name);
  }

  #seal(id: string, settings: ConnectorSettings): string {
    return JSON.stringify(
      mapSecrets(connectorSettingsSchema, settings, (value, field) => this.secrets.seal(value, placeOf(id, field))),
    );
  }

  /** A password that no longer opens equals nothing: saving heals it. */
  #opened(row: ConnectorRow): ConnectorSettings {
    try {
      return this.open(row);
    } catch {
      const { password: _password, ...open } = publicOf(row);
      return open;
    }
  }

  #state(row: ConnectorRow) {
    return { name: row.name, shared: row.shared, default: row.is_default, settings: this.#opened(row) };
  }
}

const placeOf = (id: string, field: string) => ({
  tenantId: SYSTEM_TENANT_ID,
  entity: `mail_connector/${id}`,
  field,
});

/** Without opening the password. */
const publicOf = ({ settings }: ConnectorRow): ConnectorSettings =>
  connectorSettingsSchema.parse(mapSecrets(connectorSettingsSchema, settings, () => 'sealed'));

function view(row: ConnectorRow, tenantId: string): Connector {
  const { id, name, shared, is_default: isDefault, managed, revision } = row;
  const { kind, host, port, username, resolvesNames, password } = publicOf(row);
  const common = { id, name, kind, shared, default: isDefault, managed, revision };
  if (tenantId !== SYSTEM_TENANT_ID)
    return { ...common, host: null, port: null, username: null, resolvesNames: null, password: null };
  const state = { isSet: password !== undefined, changedAt: row.secrets_changed['password'] ?? null };
  return { ...common, host, port, username: username ?? null, resolvesNames, password: state };
}

async function lock(
  uow: UnitOfWork,
  { id, name, revision }: { readonly id?: string; readonly name?: string; readonly revision?: number | undefined },
): Promise<ConnectorRow | undefined> {
  const [row] = await uow.query<ConnectorRow>(
    `SELECT * FROM mail_connector WHERE ${id === undefined ? 'name' : 'id::text'} = $1 FOR UPDATE`,
    [id ?? name],
  );
  if (row === undefined && id !== undefined) throw new ProblemError('not-found');
  if (row !== undefined && revision !== undefined && row.revision !== revision)
    throw new ProblemError('changed-meanwhile');
  return row;
}

async function isTaken(db: Queryable, name: string, id: string | undefined): Promise<boolean> {
  const [row] = await db.query<{ id: string }>('SELECT id FROM mail_connector WHERE name = $1', [name]);
  return row !== undefined && row.id !== id;
}

/** What tenants go through cannot be taken from them unseen. */
async function refuseTenants(uow: UnitOfWork, id: string): Promise<void> {
  const users = (await usersOfConnector(uow, id)).filter((user) => user.tenant_id !== SYSTEM_TENANT_ID);
  if (users.length > 0) throw new ProblemError('mail-connector-in-use', { detail: namesOf(users) });
}

/** The system administrator is told how many servers of tenants, not which. */
function namesOf(users: readonly { readonly tenant_id: string; readonly name: string }[]): string {
  const own = users.filter((user) => user.tenant_id === SYSTEM_TENANT_ID).map(({ name }) => `"${name}"`);
  const others = users.length - own.length;
  return [...own, ...(others > 0 ? [`${others} mail server(s) of tenants`] : [])].join(', ');
}

const invalid = (pointer: string, message: string): ProblemError =>
  new ProblemError('validation-failed', { errors: [{ pointer, message }] });
