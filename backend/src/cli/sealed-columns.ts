import { SYSTEM_TENANT_ID } from '../access/index.js';
import type { SealedColumn, SecretPlace } from '../secrets/index.js';

type Row = Readonly<Record<string, unknown>>;

/** Bound to the entity of a row: `kind/id`. */
const of =
  (kind: string, id: (row: Row) => string, field?: string) =>
  (row: Row, path: string): SecretPlace => ({
    tenantId: typeof row['tenant_id'] === 'string' ? row['tenant_id'] : SYSTEM_TENANT_ID,
    entity: `${kind}/${id(row)}`,
    field: field ?? path,
  });
const column =
  (name: string) =>
  (row: Row): string =>
    String(row[name]);
const hex =
  (name: string) =>
  (row: Row): string => {
    const bytes = row[name];
    return Buffer.isBuffer(bytes) ? bytes.toString('hex') : '';
  };

const OWN = ['tenant_id', 'id'] as const;
const GRANT = ['tenant_id', 'mail_server_id'] as const;
const USER = ['tenant_id', 'user_id'] as const;
const DELIVERY = ['tenant_id', 'id', 'created_at'] as const;
const serverId = column('mail_server_id');

/** Every column that holds sealed values: the one list, which a test compares with what the rooms seal. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: 'mail_server', key: OWN, column: 'settings', kind: 'json', place: of('mail_server', column('id')) },
  { table: 'mail_secret', key: OWN, column: 'value', kind: 'text', place: of('mail_secret', column('id'), 'value') },
  { table: 'mail_connector', key: ['id'], column: 'settings', kind: 'json', place: of('mail_connector', column('id')) },
  {
    ...{ table: 'oauth_application', key: OWN, column: 'settings', kind: 'json' },
    place: of('oauth_application', column('id')),
  },
  ...(['access_token', 'refresh_token'] as const).map((token): SealedColumn => ({
    ...{ table: 'oauth_grant', key: GRANT, column: token, kind: 'text' },
    place: of('oauth_grant', serverId, token),
  })),
  {
    ...{ table: 'oauth_authorization', key: ['state_hash'], column: 'sealed', kind: 'text' },
    place: of('oauth_authorization', serverId, 'secret'),
  },
  {
    ...{ table: 'delivery', key: DELIVERY, column: 'variables', kind: 'text' },
    place: of('delivery', column('id'), 'variables'),
  },
  {
    ...{ table: 'delivery', key: DELIVERY, column: 'raw', kind: 'bytes', where: 'template IS NOT NULL' },
    place: of('delivery', column('id'), 'raw'),
  },
  ...(['secret', 'new_secret'] as const).map((name): SealedColumn => ({
    ...{ table: 'two_factor', key: USER, column: name, kind: 'text' },
    place: of('two_factor', column('user_id'), 'secret'),
  })),
  {
    ...{ table: 'identity_provider', key: ['tenant_id'], column: 'settings', kind: 'json' },
    place: of('identity_provider', column('tenant_id')),
  },
  {
    ...{ table: 'oidc_sign_in', key: ['state_hash'], column: 'verifier', kind: 'text' },
    place: of('oidc_sign_in', hex('state_hash'), 'verifier'),
  },
];
