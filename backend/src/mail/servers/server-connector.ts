import type { Queryable } from '../../db/index.js';
import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { ProxyDialer, type EgressGuard } from '../../net/index.js';
import type { TokenWay } from '../oauth/application-in-use.js';
import type { ConnectorRow, Connectors } from './connectors.js';
import type { RouteConnector } from './route-connector.js';

/**
 * The way of a mail server: the connector that its settings name, none where they say so (null), else the system's default
 * one. One that is not shared is no tenant's way.
 * @throws SecretError, ZodError: a connector that this version cannot use
 */
export async function connectorOf(
  db: Queryable,
  connectors: Connectors,
  tenantId: string,
  connectorId: string | null | undefined,
): Promise<RouteConnector> {
  if (connectorId === null) return { kind: 'direct' };
  const [row] = await db.query<ConnectorRow>(
    'SELECT * FROM mail_connector WHERE CASE WHEN $1::uuid IS NULL THEN is_default ELSE id = $1 END AND (shared OR $2)',
    [connectorId ?? null, tenantId === SYSTEM_TENANT_ID],
  );
  return row === undefined ? { kind: 'direct' } : connectors.open(row);
}

/** Token requests of a server go the way of its mails. */
export const tokenWay =
  (connectors: Connectors, egress: EgressGuard): TokenWay =>
  async (db, { tenantId, serverId }) => {
    const [row] = await db.query<{ named: boolean; id: string | null }>(
      `SELECT settings ? 'connectorId' AS named, settings->>'connectorId' AS id FROM mail_server WHERE tenant_id = $1 AND id = $2`,
      [tenantId, serverId],
    );
    const connector = await connectorOf(db, connectors, tenantId, row?.named === true ? row.id : undefined);
    return connector.kind === 'direct' ? undefined : new ProxyDialer(connector, egress);
  };
