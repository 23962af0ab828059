import type { Json } from '@signalpost/rule-nodes/runtime';

import { hashToken } from '../access/index.js';
import type { Database } from '../db/index.js';
import { ProblemError } from '../http/index.js';

/** Which keys to answer, comma-separated. With neither, all of both. */
export interface WantedKeys {
  readonly clientKeys?: string;
  readonly sharedKeys?: string;
}

export type Values = Record<string, Json>;

interface AttributeRow {
  scope: 'CLIENT_SCOPE' | 'SHARED_SCOPE' | null;
  key: string;
  value: Json;
}

const READ = {
  name: 'ingest-read-attributes',
  text: `
    SELECT a.scope, a.key, a.value FROM device d
    LEFT JOIN attribute a ON a.tenant_id = d.tenant_id AND a.entity_id = d.id AND (
      (a.scope = 'CLIENT_SCOPE' AND ($2::text[] IS NULL OR a.key = ANY($2))) OR
      (a.scope = 'SHARED_SCOPE' AND ($3::text[] IS NULL OR a.key = ANY($3))))
    WHERE d.token_hash = decode($1, 'hex')`,
};

const FIND_DEVICE = {
  name: 'ingest-find-device',
  text: "SELECT id FROM device WHERE token_hash = decode($1, 'hex')",
};

/** What a device may read of its own attributes: what it told itself, and what it is told. */
export class DeviceAttributes {
  constructor(private readonly database: Database) {}

  /** The id of the device that has this token; null: none has. */
  async deviceOf(token: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(FIND_DEVICE, [hashOf(token)]);
    return row?.id ?? null;
  }

  /** @throws ProblemError unknown-device-token */
  async read(token: string, wanted: WantedKeys): Promise<{ client?: Values; shared?: Values }> {
    const { clientKeys, sharedKeys } = selection(wanted);
    const rows = await this.#read(token, clientKeys, sharedKeys);
    const client = valuesOf(rows, 'CLIENT_SCOPE');
    const shared = valuesOf(rows, 'SHARED_SCOPE');
    return { ...(client && { client }), ...(shared && { shared }) };
  }

  /**
   * What a device is told of its shared attributes, in ThingsBoard's shape: their values, and under `deleted` those that
   * are gone.
   * @param keys null = all
   * @throws ProblemError unknown-device-token
   */
  async news(token: string, keys: readonly string[] | null): Promise<Values> {
    const values = valuesOf(await this.#read(token, [], keys), 'SHARED_SCOPE') ?? {};
    const deleted = (keys ?? []).filter((key) => !Object.hasOwn(values, key));
    return deleted.length === 0 ? values : { ...values, deleted };
  }

  /** @param clientKeys null = all, as for the shared ones */
  async #read(token: string, clientKeys: readonly string[] | null, sharedKeys: readonly string[] | null) {
    const rows = await this.database.query<AttributeRow>(READ, [hashOf(token), clientKeys, sharedKeys]);
    if (rows.length === 0) throw new ProblemError('unknown-device-token');
    return rows;
  }
}

/** Null = all keys. Naming keys of one scope asks for none of the other, as ThingsBoard has it. */
function selection({ clientKeys, sharedKeys }: WantedKeys): {
  clientKeys: string[] | null;
  sharedKeys: string[] | null;
} {
  if (clientKeys === undefined && sharedKeys === undefined) return { clientKeys: null, sharedKeys: null };
  return { clientKeys: split(clientKeys), sharedKeys: split(sharedKeys) };
}

const split = (keys = ''): string[] => keys.split(',').filter((key) => key !== '');

function valuesOf(rows: readonly AttributeRow[], scope: AttributeRow['scope']): Values | undefined {
  const found = rows.filter((row) => row.scope === scope);
  return found.length === 0 ? undefined : Object.fromEntries(found.map((row) => [row.key, row.value]));
}

const hashOf = (token: string): string => hashToken(token).toString('hex');
