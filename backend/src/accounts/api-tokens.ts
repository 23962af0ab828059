import { Inject } from '@nestjs/common';
import {
  API_TOKEN_PREFIX,
  newApiTokenSchema,
  type ApiToken,
  type CreatedApiToken,
  type NewApiToken,
  type Page,
  type PageQuery,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { hashToken, newToken, type Actor, type Principal } from '../access/index.js';
import { Audit, changedFields } from '../audit/index.js';
import { Database, type UnitOfWork } from '../db/index.js';
import { ProblemError, readPage } from '../http/index.js';

interface ApiTokenRow {
  id: string;
  name: string;
  scopes: ApiToken['scopes'];
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

/** Writes the table `api_token` (`Sessions` notes the last use). A token may what its owner's role may, at the time of use. */
export class ApiTokens {
  constructor(@Inject(Database) private readonly database: Database) {}

  /** The caller's own. */
  list({ tenantId, userId }: Principal, query: PageQuery): Promise<Page<ApiToken>> {
    const sql = `SELECT ${COLUMNS} FROM api_token WHERE tenant_id = $1 AND user_id = $2`;
    const keyset = {
      sql,
      values: [tenantId, userId],
      keys: { created_at: 'timestamptz', id: 'uuid' },
      order: 'DESC',
    } as const;
    return readPage(this.database, keyset, query, toApiToken);
  }

  create({ tenantId, userId }: Principal, wanted: NewApiToken, actor: Actor): Promise<CreatedApiToken> {
    const { name, scopes, expiresAt } = wanted;
    const token = newToken(API_TOKEN_PREFIX);
    const expiry = expiresAt === null ? null : new Date(expiresAt);
    const values = [tenantId, uuidV7(), userId, name, hashToken(token), expiry, [...new Set(scopes)]];
    return this.database.transaction(async (uow) => {
      const [row] = await uow.query<ApiTokenRow>(INSERT, values);
      if (row === undefined) throw new Error('INSERT … RETURNING gave no row');
      const changes = changedFields(newApiTokenSchema, undefined, wanted);
      const entity = { type: 'api-token', id: row.id, name } as const;
      await Audit.record(uow, { ...actor, tenantId, action: 'api-token.created', entity, changes });
      return { ...toApiToken(row), token };
    });
  }

  async delete({ tenantId, userId }: Principal, id: string, actor: Actor): Promise<void> {
    await this.database.transaction(async (uow) => {
      const [deleted] = await uow.query<Pick<ApiTokenRow, 'name'>>(
        'DELETE FROM api_token WHERE tenant_id = $1 AND user_id = $2 AND id = $3 RETURNING name',
        [tenantId, userId, id],
      );
      if (deleted === undefined) throw new ProblemError('not-found', { detail: 'You have no API token with this id.' });
      const entity = { type: 'api-token', id, name: deleted.name } as const;
      await Audit.record(uow, { ...actor, tenantId, action: 'api-token.deleted', entity });
    });
  }

  /** Whoever made them had the account and should not have. */
  async endAll(
    uow: UnitOfWork,
    { tenantId, userId }: Pick<Principal, 'tenantId' | 'userId'>,
    actor: Actor,
  ): Promise<void> {
    const rows = await uow.query<Pick<ApiTokenRow, 'id' | 'name'>>(
      'DELETE FROM api_token WHERE tenant_id = $1 AND user_id = $2 RETURNING id, name',
      [tenantId, userId],
    );
    for (const { id, name } of rows) {
      const entity = { type: 'api-token', id, name } as const;
      await Audit.record(uow, { ...actor, tenantId, action: 'api-token.deleted', entity });
    }
  }
}

const COLUMNS = 'id, name, scopes, created_at, expires_at, last_used_at';

const INSERT = `
  INSERT INTO api_token (tenant_id, id, user_id, name, token_hash, expires_at, scopes)
  VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${COLUMNS}`;

const toApiToken = (row: ApiTokenRow): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at?.getTime() ?? null,
  lastUsedAt: row.last_used_at?.getTime() ?? null,
});
