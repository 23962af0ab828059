import type { OAuthGrantState } from '@signalpost/contracts';

import type { Queryable, UnitOfWork } from '../../db/index.js';

/** `mail_server` as SQL gives it; secrets are sealed inside `settings`. */
export interface StoredServer {
  readonly tenant_id: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly active: boolean;
  readonly is_default: boolean;
  readonly is_fallback: boolean;
  readonly managed: boolean;
  readonly revision: number;
  readonly settings: unknown;
  readonly secrets_changed: Readonly<Record<string, number>>;
  readonly dial_allowed: string[];
  readonly updated_at: Date;
}

/** With the state of its grant. */
export interface ShownServer extends StoredServer {
  readonly grant_state: OAuthGrantState | null;
}

const SHOWN = `SELECT s.*, g.state AS grant_state FROM mail_server s
  LEFT JOIN oauth_grant g ON (g.tenant_id, g.mail_server_id) = (s.tenant_id, s.id) WHERE s.tenant_id = $1`;

/** Of one scope, the default first. */
export const listServers = (db: Queryable, tenantId: string): Promise<ShownServer[]> =>
  db.query<ShownServer>(`${SHOWN} ORDER BY s.is_default DESC, s.name`, [tenantId]);

export async function findServer(db: Queryable, tenantId: string, id: string): Promise<ShownServer | undefined> {
  const [row] = await db.query<ShownServer>(`${SHOWN} AND s.id = $2`, [tenantId, id]);
  return row;
}

/** Locked, so that two saves of one scope cannot both become its default. */
export const lockServers = (uow: UnitOfWork, tenantId: string): Promise<StoredServer[]> =>
  uow.query<StoredServer>('SELECT * FROM mail_server WHERE tenant_id = $1 ORDER BY id FOR UPDATE', [tenantId]);

/** Takes the mark from whichever other server of the scope has it. */
export async function takeMark(
  uow: UnitOfWork,
  tenantId: string,
  id: string,
  mark: 'is_default' | 'is_fallback',
): Promise<void> {
  await uow.query(`UPDATE mail_server SET ${mark} = false WHERE tenant_id = $1 AND ${mark} AND id <> $2`, [
    tenantId,
    id,
  ]);
}

/** Servers whose settings hold the id of a secret anywhere. */
const REFERS = `jsonb_path_exists(settings, '$.**.secretId ? (@ == $id)', jsonb_build_object('id', $2::text))`;

export const usersOfSecret = (
  db: Queryable,
  tenantId: string,
  secretId: string,
): Promise<{ id: string; name: string }[]> =>
  db.query(`SELECT id, name FROM mail_server WHERE tenant_id = $1 AND ${REFERS} ORDER BY name`, [tenantId, secretId]);

/** The secret is another one: transports that hold the old one must not be used any more. */
export async function renewUsersOfSecret(uow: UnitOfWork, tenantId: string, secretId: string): Promise<void> {
  await uow.query(
    `UPDATE mail_server SET revision = revision + 1, updated_at = now() WHERE tenant_id = $1 AND ${REFERS}`,
    [tenantId, secretId],
  );
}

export const usersOfConnector = (db: Queryable, id: string): Promise<{ tenant_id: string; name: string }[]> =>
  db.query(`SELECT tenant_id, name FROM mail_server WHERE settings->>'connectorId' = $1 ORDER BY name`, [id]);

/** The way is another one, by name or as the default of who names none. */
export async function renewUsersOfConnector(uow: UnitOfWork, id: string, isDefault: boolean): Promise<void> {
  await uow.query(
    `UPDATE mail_server SET revision = revision + 1, updated_at = now()
     WHERE settings->>'connectorId' = $1 OR ($2 AND NOT settings ? 'connectorId')`,
    [id, isDefault],
  );
}
