import type { NamedSecret, NamedSecretInput } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Queryable, Saved, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import type { SecretBox } from '../../secrets/index.js';
import { renewUsersOfSecret, usersOfSecret } from './server-rows.js';

/** A secret and where it stands, in clear: on its way in. */
export interface SecretToSave {
  /** Absent: the secret of this name, or a new one. */
  readonly id?: string;
  /** What the change is made to; absent: whatever is there. */
  readonly revision?: number;
  readonly name: string;
  readonly description: string;
  /** undefined: stays as it is. */
  readonly value: string | undefined;
  readonly managed: boolean;
  readonly by: Actor;
}

interface SecretRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly value: string;
  readonly changed_at: Date;
  readonly revision: number;
  readonly managed: boolean;
}

/** Secrets that mail servers of the same scope refer to. The one writer of `mail_secret`. */
export class NamedSecrets {
  constructor(private readonly secrets: SecretBox) {}

  async list(db: Queryable, tenantId: string): Promise<NamedSecret[]> {
    const rows = await db.query<SecretRow>('SELECT * FROM mail_secret WHERE tenant_id = $1 ORDER BY name', [tenantId]);
    return Promise.all(rows.map((row) => view(db, row)));
  }

  /** @throws ProblemError `not-found`, as for the secrets of others */
  async get(db: Queryable, tenantId: string, id: string): Promise<NamedSecret> {
    return view(db, await mustFind(db, tenantId, id));
  }

  /** By id, of those that are asked for and exist. */
  async names(db: Queryable, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await db.query<{ id: string; name: string }>(
      'SELECT id, name FROM mail_secret WHERE tenant_id = $1 AND id = ANY ($2::uuid[])',
      [tenantId, [...ids]],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  async idOf(db: Queryable, tenantId: string, name: string): Promise<string | undefined> {
    const [row] = await db.query<{ id: string }>('SELECT id FROM mail_secret WHERE tenant_id = $1 AND name = $2', [
      tenantId,
      name,
    ]);
    return row?.id;
  }

  /** Opened, and locked against deletion while the caller writes down who refers to them; one that does not open is left out. */
  async open(uow: UnitOfWork, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await uow.query<SecretRow>(
      'SELECT * FROM mail_secret WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) FOR SHARE',
      [tenantId, [...ids]],
    );
    const opened = rows.map((row) => [row.id, this.#plain(row)] as const);
    return new Map(opened.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const])));
  }

  /** For one send. @throws SecretError when one is gone or cannot be opened */
  async openAll(db: Queryable, tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await db.query<SecretRow>('SELECT * FROM mail_secret WHERE tenant_id = $1 AND id = ANY ($2::uuid[])', [
      tenantId,
      [...ids],
    ]);
    return new Map(rows.map((row) => [row.id, this.openValue(row.tenant_id, row.id, row.value)]));
  }

  /** @throws SecretError */
  openValue(tenantId: string, id: string, value: string): string {
    return this.secrets.open(value, placeOf(tenantId, id));
  }

  /**
   * Idempotent: what equals the stored secret writes nothing. Another value reaches every server that refers to it at once.
   * @throws ProblemError `not-found`, `changed-meanwhile`, `name-taken`, `validation-failed`
   */
  async save(uow: UnitOfWork, tenantId: string, wanted: SecretToSave): Promise<Saved> {
    const old = await this.#lock(uow, tenantId, wanted);
    if (await isTaken(uow, tenantId, wanted.name, old?.id)) throw new ProblemError('name-taken');
    if (old === undefined) return this.#insert(uow, tenantId, wanted);
    const value = wanted.value !== undefined && this.#plain(old) !== wanted.value ? wanted.value : undefined;
    const same = old.name === wanted.name && old.description === wanted.description && old.managed === wanted.managed;
    if (same && value === undefined) return { id: old.id, change: 'unchanged' };
    const sealed = value === undefined ? null : this.secrets.seal(value, placeOf(tenantId, old.id));
    await uow.query(
      `UPDATE mail_secret SET name = $3, description = $4, managed = $5, value = coalesce($6, value), revision = revision + 1,
         changed_at = CASE WHEN $6::text IS NULL THEN changed_at ELSE now() END WHERE tenant_id = $1 AND id = $2`,
      [tenantId, old.id, wanted.name, wanted.description, wanted.managed, sealed],
    );
    if (value !== undefined) await renewUsersOfSecret(uow, tenantId, old.id);
    const changes = [
      ...fieldChange('name', old.name, wanted.name),
      ...fieldChange('description', old.description, wanted.description),
      ...(value === undefined ? [] : [{ field: 'value', before: null, after: null, secret: 'changed' as const }]),
    ];
    const entity = { type: 'mail-secret' as const, id: old.id, name: wanted.name };
    await Audit.record(uow, { ...wanted.by, tenantId, action: 'mail-secret.updated', entity, changes });
    return { id: old.id, change: 'updated' };
  }

  /** @throws ProblemError `not-found`, `changed-meanwhile`, `managed-by-file`, `mail-secret-in-use` */
  async remove(uow: UnitOfWork, tenantId: string, id: string, revision: number | undefined, by: Actor): Promise<void> {
    const row = await this.#lock(uow, tenantId, { id, revision });
    if (row === undefined) throw new ProblemError('not-found');
    refuseManaged(row);
    const users = await usersOfSecret(uow, tenantId, id);
    if (users.length > 0)
      throw new ProblemError('mail-secret-in-use', { detail: users.map(({ name }) => `"${name}"`).join(', ') });
    await uow.query('DELETE FROM mail_secret WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
    const entity = { type: 'mail-secret' as const, id, name: row.name };
    await Audit.record(uow, { ...by, tenantId, action: 'mail-secret.deleted', entity });
  }

  /** Marks as not managed what the provisioning file no longer names. @returns the names of what was so until now */
  async release(uow: UnitOfWork, tenantId: string, managedIds: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ name: string }>(
      'UPDATE mail_secret SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING name',
      [tenantId, managedIds],
    );
    return rows.map((row) => row.name);
  }

  async #insert(uow: UnitOfWork, tenantId: string, wanted: SecretToSave): Promise<Saved> {
    if (wanted.value === undefined)
      throw new ProblemError('validation-failed', { errors: [{ pointer: '/value', message: 'must be entered' }] });
    const id = uuidV7();
    await uow.query(
      'INSERT INTO mail_secret (tenant_id, id, name, description, value, managed) VALUES ($1, $2, $3, $4, $5, $6)',
      [
        ...[tenantId, id, wanted.name, wanted.description],
        ...[this.secrets.seal(wanted.value, placeOf(tenantId, id)), wanted.managed],
      ],
    );
    const entity = { type: 'mail-secret' as const, id, name: wanted.name };
    await Audit.record(uow, { ...wanted.by, tenantId, action: 'mail-secret.created', entity });
    return { id, change: 'created' };
  }

  async #lock(
    uow: UnitOfWork,
    tenantId: string,
    { id, name, revision }: { readonly id?: string; readonly name?: string; readonly revision?: number | undefined },
  ): Promise<SecretRow | undefined> {
    const [row] = await uow.query<SecretRow>(
      `SELECT * FROM mail_secret WHERE tenant_id = $1 AND ${id === undefined ? 'name' : 'id::text'} = $2 FOR UPDATE`,
      [tenantId, id ?? name],
    );
    if (row === undefined && id !== undefined) throw new ProblemError('not-found');
    if (row !== undefined && revision !== undefined && row.revision !== revision)
      throw new ProblemError('changed-meanwhile');
    return row;
  }

  /** A value that no longer opens equals nothing: saving heals it. */
  #plain(row: SecretRow): string | undefined {
    try {
      return this.openValue(row.tenant_id, row.id, row.value);
    } catch {
      return undefined;
    }
  }
}

/** What a page sends, for `save`. */
export const toSave = (
  { name, description, value }: NamedSecretInput,
  by: Actor,
  of: { readonly id: string; readonly revision: number } | undefined,
): SecretToSave => ({
  ...of,
  name,
  description,
  value: value.change === 'set' ? value.value : undefined,
  managed: false,
  by,
});

const placeOf = (tenantId: string, id: string) => ({ tenantId, entity: `mail_secret/${id}`, field: 'value' });

const fieldChange = (field: string, before: string, after: string) =>
  before === after ? [] : [{ field, before, after }];

/** What the provisioning file names is changed there alone. */
export function refuseManaged({ managed }: { readonly managed: boolean }): void {
  if (managed) throw new ProblemError('managed-by-file');
}

async function mustFind(db: Queryable, tenantId: string, id: string): Promise<SecretRow> {
  const [row] = await db.query<SecretRow>('SELECT * FROM mail_secret WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
  if (row === undefined) throw new ProblemError('not-found');
  return row;
}

async function isTaken(db: Queryable, tenantId: string, name: string, id: string | undefined): Promise<boolean> {
  const sql = 'SELECT id FROM mail_secret WHERE tenant_id = $1 AND name = $2';
  const [row] = await db.query<{ id: string }>(sql, [tenantId, name]);
  return row !== undefined && row.id !== id;
}

async function view(db: Queryable, row: SecretRow): Promise<NamedSecret> {
  const { id, name, description, changed_at: changedAt, managed, revision } = row;
  const usedBy = await usersOfSecret(db, row.tenant_id, id);
  return { id, name, description, changedAt: changedAt.getTime(), managed, revision, usedBy };
}
