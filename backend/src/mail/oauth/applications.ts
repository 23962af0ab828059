import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

import {
  OAUTH_APPLICATION_SCHEMA_VERSION,
  oauthApplicationDefinitionSchema,
  oauthApplicationSettingsSchema,
  type MailProviderId,
  type OAuthApplication,
  type OAuthApplicationInput,
  type OAuthApplicationSettings,
  type SecretChange,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { mapSecrets, SecretError, type SecretBox } from '../../secrets/index.js';
import {
  endpointsOf,
  hostsOf,
  type ApplicationInUse,
  type ApplicationRef,
  type OAuthTemplates,
  type TokenWay,
} from './application-in-use.js';
import { refOf, type GrantRow } from './grant-row.js';
import type { Grants } from './grants.js';
import { refused, type Result } from './oauth-failures.js';

/** Everything about one application, secrets in clear: on its way in. */
export interface ApplicationToSave {
  readonly id?: string;
  /** What the change is made to; absent: whatever is there. */
  readonly revision?: number;
  readonly name: string;
  readonly provider: MailProviderId;
  readonly settings: OAuthApplicationSettings;
  readonly shared: boolean;
  readonly secretExpiresAt: number | null;
  readonly managed: boolean;
  /** Whoever writes it may let it reach private addresses, without TLS too: the provisioning file, which the operator owns. */
  readonly mayDialAnywhere?: boolean;
}

export interface SavedApplication {
  readonly id: string;
  readonly revision: number;
  readonly change: 'created' | 'updated' | 'unchanged';
}

/** `oauth_application` as SQL gives it; secrets are sealed inside `settings`. */
export interface ApplicationRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly name: string;
  readonly provider: MailProviderId;
  readonly settings: unknown;
  readonly secrets_changed: Readonly<Record<string, number>>;
  readonly secret_expires_at: Date | null;
  readonly shared: boolean;
  readonly revision: number;
  readonly managed: boolean;
  readonly dial_allowed: string[];
}

export const SECRET_FIELDS = ['clientSecret', 'certificate', 'serviceAccount'] as const;

/** The one writer of `oauth_application`, of the system (nil tenant) and the tenants. */
export class OAuthApplications {
  constructor(
    private readonly secrets: SecretBox,
    private readonly templates: OAuthTemplates,
    private readonly grants: Grants,
    /** Absent: every provider is reached directly. */
    private readonly way?: TokenWay,
  ) {}

  /** Own ones, and what the system shares. */
  async list(db: Queryable, tenantId: string): Promise<OAuthApplication[]> {
    const rows = await db.query<ApplicationRow>(
      'SELECT * FROM oauth_application WHERE tenant_id = $1 OR (tenant_id = $2 AND shared) ORDER BY tenant_id = $1 DESC, name',
      [tenantId, SYSTEM_TENANT_ID],
    );
    return rows.map((row) => this.#view(row, tenantId));
  }

  async get(db: Queryable, tenantId: string, id: string): Promise<OAuthApplication | undefined> {
    const row = await this.find(db, tenantId, id);
    return row && this.#view(row, tenantId);
  }

  /** Own or shared by the system; anything else does not exist for this tenant. */
  async find(db: Queryable, tenantId: string, id: string): Promise<ApplicationRow | undefined> {
    const [row] = await db.query<ApplicationRow>(
      'SELECT * FROM oauth_application WHERE id = $2 AND (tenant_id = $1 OR (tenant_id = $3 AND shared)) ORDER BY tenant_id = $1 DESC LIMIT 1',
      [tenantId, id, SYSTEM_TENANT_ID],
    );
    return row;
  }

  /** With its secrets opened, for one conversation with the provider on behalf of a mail server. */
  async open(db: Queryable, grant: GrantRow): Promise<Result<ApplicationInUse>> {
    const { flow } = grant;
    const ref = { tenantId: grant.application_tenant_id, id: grant.application_id };
    const row = await this.find(db, grant.tenant_id, ref.id);
    if (row?.tenant_id !== ref.tenantId) return refused('application-missing');
    const template = this.templates(row.provider);
    if (template === undefined) return refused('flow-unsupported');
    try {
      const settings = this.#unseal(row);
      const endpoints = endpointsOf(template, settings);
      const dialer = await this.way?.(db, refOf(grant));
      return {
        ok: true,
        value: { ref, provider: row.provider, settings, template, endpoints, flow, allowed: row.dial_allowed, dialer },
      };
    } catch (error) {
      if (error instanceof SecretError) return refused('secret-unreadable');
      throw error;
    }
  }

  /**
   * Idempotent: what equals the stored application, its secrets opened, writes nothing. Another identity (provider, client,
   * directory, addresses) ends the grants; a new secret lets them try again at once. Without `id`, the name is the key.
   * @throws ProblemError `changed-meanwhile`
   */
  async save(uow: UnitOfWork, tenantId: string, input: ApplicationToSave, actor: Actor): Promise<SavedApplication> {
    const [old] = await uow.query<ApplicationRow>(
      `SELECT * FROM oauth_application WHERE tenant_id = $1 AND ${input.id === undefined ? 'name' : 'id'} = $2 FOR UPDATE`,
      [tenantId, input.id ?? input.name],
    );
    if (input.revision !== undefined && old?.revision !== input.revision) throw new ProblemError('changed-meanwhile');
    return old === undefined ? this.#insert(uow, tenantId, input, actor) : this.#update(uow, old, input, actor);
  }

  /** Whether another application has the name. */
  async isTaken(db: Queryable, tenantId: string, name: string, id: string | undefined): Promise<boolean> {
    const sql = 'SELECT id FROM oauth_application WHERE tenant_id = $1 AND name = $2';
    const [row] = await db.query<{ id: string }>(sql, [tenantId, name]);
    return row !== undefined && row.id !== id;
  }

  /** @returns false when mail servers sign in with it */
  async delete(uow: UnitOfWork, ref: ApplicationRef, actor: Actor): Promise<boolean> {
    const [row] = await uow.query<ApplicationRow>(
      'SELECT * FROM oauth_application WHERE tenant_id = $1 AND id = $2 FOR UPDATE',
      [ref.tenantId, ref.id],
    );
    if ((await this.grants.users(uow, ref)).length > 0) return false;
    if (row === undefined) return true;
    await note(uow, 'deleted', row, [undefined, undefined], actor);
    await uow.query('DELETE FROM oauth_application WHERE tenant_id = $1 AND id = $2', [ref.tenantId, ref.id]);
    return true;
  }

  /** Marks as not managed what the provisioning file no longer names. @returns the names of what was so until now */
  async release(uow: UnitOfWork, tenantId: string, managedIds: readonly string[]): Promise<readonly string[]> {
    const rows = await uow.query<{ name: string }>(
      'UPDATE oauth_application SET managed = false WHERE tenant_id = $1 AND managed AND id <> ALL ($2::uuid[]) RETURNING name',
      [tenantId, managedIds],
    );
    return rows.map((row) => row.name);
  }

  /** What a page sends, with the secrets that stay filled in. A secret never follows to another place. */
  async fromInput(
    db: Queryable,
    tenantId: string,
    id: string | undefined,
    input: OAuthApplicationInput,
  ): Promise<{ readonly save: ApplicationToSave } | { readonly askAgain: readonly string[] }> {
    const { name, provider, shared, secretExpiresAt, clientSecret, certificate, serviceAccount, ...open } = input;
    const row = id === undefined ? undefined : await this.find(db, tenantId, id);
    const old = row === undefined ? undefined : this.#unsealed(row);
    const settings: OAuthApplicationSettings = {
      ...open,
      ...changed('clientSecret', clientSecret, old?.clientSecret),
      ...changed('certificate', certificate, old?.certificate),
      ...changed('serviceAccount', serviceAccount, old?.serviceAccount),
    };
    const moved =
      row !== undefined && !isDeepStrictEqual(identityOf(row.provider, publicOf(row)), identityOf(provider, settings));
    const kept = SECRET_FIELDS.filter((field) => input[field].change === 'keep' && old?.[field] !== undefined);
    if (moved && kept.length > 0) return { askAgain: kept };
    const given = id === undefined ? {} : { id };
    return {
      save: {
        ...given,
        name,
        provider,
        settings,
        shared: shared && tenantId === SYSTEM_TENANT_ID,
        secretExpiresAt,
        managed: false,
      },
    };
  }

  async #insert(uow: UnitOfWork, tenantId: string, input: ApplicationToSave, actor: Actor): Promise<SavedApplication> {
    const id = input.id ?? uuidV7();
    await uow.query(
      `INSERT INTO oauth_application (tenant_id, id, name, provider, settings, schema_version, secrets_changed, secret_expires_at, shared, managed, dial_allowed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tenantId,
        id,
        input.name,
        input.provider,
        this.#seal(tenantId, id, input.settings),
        OAUTH_APPLICATION_SCHEMA_VERSION,
        JSON.stringify(changes({}, {}, input.settings)),
        expiryOf(input),
        input.shared,
        input.managed,
        allowedTo(input, []),
      ],
    );
    await note(uow, 'created', { tenant_id: tenantId, id, name: input.name }, [undefined, fieldsOf(input)], actor);
    return { id, revision: 1, change: 'created' };
  }

  async #update(
    uow: UnitOfWork,
    row: ApplicationRow,
    input: ApplicationToSave,
    actor: Actor,
  ): Promise<SavedApplication> {
    const old = this.#unsealed(row);
    const expires = expiryOf(input);
    const allowed = allowedTo(input, row.dial_allowed);
    const same =
      isDeepStrictEqual(old, input.settings) &&
      row.provider === input.provider &&
      isDeepStrictEqual(allowed, row.dial_allowed);
    const sameRest = row.name === input.name && row.shared === input.shared && row.managed === input.managed;
    if (same && sameRest && row.secret_expires_at?.getTime() === expires?.getTime())
      return { id: row.id, revision: row.revision, change: 'unchanged' };
    await uow.query(
      `UPDATE oauth_application SET name = $3, provider = $4, settings = $5, schema_version = $6, secrets_changed = $7,
         secret_expires_at = $8, shared = $9, managed = $10, dial_allowed = $11, revision = revision + 1, updated_at = now() WHERE tenant_id = $1 AND id = $2`,
      [
        row.tenant_id,
        row.id,
        input.name,
        input.provider,
        this.#seal(row.tenant_id, row.id, input.settings),
        OAUTH_APPLICATION_SCHEMA_VERSION,
        JSON.stringify(changes(row.secrets_changed, old ?? {}, input.settings)),
        expires,
        input.shared,
        input.managed,
        allowed,
      ],
    );
    const ref = { tenantId: row.tenant_id, id: row.id };
    const before = {
      ...row,
      secretExpiresAt: row.secret_expires_at?.getTime() ?? null,
      settings: old ?? publicOf(row),
    };
    await note(uow, 'updated', { ...row, name: input.name }, [fieldsOf(before), fieldsOf(input)], actor);
    if (!isDeepStrictEqual(identityOf(row.provider, publicOf(row)), identityOf(input.provider, input.settings)))
      await this.grants.endOf(uow, ref, actor);
    else await this.grants.retryOf(uow, ref);
    return { id: row.id, revision: row.revision + 1, change: 'updated' };
  }

  #seal(tenantId: string, id: string, settings: OAuthApplicationSettings): string {
    return JSON.stringify(
      mapSecrets(oauthApplicationSettingsSchema, settings, (value, field) =>
        this.secrets.seal(value, { tenantId, entity: entityOf(id), field }),
      ),
    );
  }

  /** @throws SecretError */
  #unseal(row: ApplicationRow): OAuthApplicationSettings {
    const place = { tenantId: row.tenant_id, entity: entityOf(row.id) };
    return oauthApplicationSettingsSchema.parse(
      mapSecrets(oauthApplicationSettingsSchema, row.settings, (value, field) =>
        this.secrets.open(value, { ...place, field }),
      ),
    );
  }

  /** A stored secret that no longer opens equals nothing: saving heals it. */
  #unsealed(row: ApplicationRow): OAuthApplicationSettings | undefined {
    try {
      return this.#unseal(row);
    } catch {
      return undefined;
    }
  }

  /** A tenant sees of a shared application what it needs to choose it. */
  #view(row: ApplicationRow, tenantId: string): OAuthApplication {
    const own = row.tenant_id === tenantId;
    const settings: OAuthApplicationSettings = own ? publicOf(row) : {};
    const state = (field: (typeof SECRET_FIELDS)[number]) => ({
      isSet: settings[field] !== undefined,
      changedAt: own ? (row.secrets_changed[field] ?? null) : null,
    });
    return {
      id: row.id,
      scope: row.tenant_id === SYSTEM_TENANT_ID ? 'system' : 'tenant',
      ...{ name: row.name, provider: row.provider, shared: row.shared, managed: row.managed, revision: row.revision },
      secretExpiresAt: own ? (row.secret_expires_at?.getTime() ?? null) : null,
      clientId: settings.clientId ?? null,
      directoryId: settings.directoryId ?? null,
      issuer: settings.issuer ?? null,
      authorizationUrl: settings.authorizationUrl ?? null,
      tokenUrl: settings.tokenUrl ?? null,
      deviceUrl: settings.deviceUrl ?? null,
      revocationUrl: settings.revocationUrl ?? null,
      userinfoUrl: settings.userinfoUrl ?? null,
      serviceAccountEmail: settings.serviceAccount?.email ?? null,
      clientSecret: state('clientSecret'),
      certificate: state('certificate'),
      serviceAccount: state('serviceAccount'),
    };
  }
}

type Told = Pick<ApplicationToSave, 'name' | 'provider' | 'shared' | 'secretExpiresAt' | 'settings'>;

/** On one level, as their schema has it. */
const fieldsOf = ({ name, provider, shared, secretExpiresAt, settings }: Told): object => ({
  ...{ name, provider, shared, secretExpiresAt },
  ...settings,
});

function note(
  uow: UnitOfWork,
  what: 'created' | 'updated' | 'deleted',
  { tenant_id: tenantId, id, name }: Pick<ApplicationRow, 'tenant_id' | 'id' | 'name'>,
  [before, after]: readonly [object | undefined, object | undefined],
  actor: Actor,
): Promise<void> {
  const changes = changedFields(oauthApplicationDefinitionSchema, before, after);
  const entity = { type: 'oauth-application', id, name } as const;
  return Audit.record(uow, { ...actor, tenantId, action: `oauth-application.${what}`, entity, changes });
}

/** Another address takes the permission away again, unless whoever writes may give it. */
function allowedTo({ settings, mayDialAnywhere = false }: ApplicationToSave, before: readonly string[]): string[] {
  const hosts = hostsOf(settings);
  return mayDialAnywhere ? hosts : hosts.filter((host) => before.includes(host));
}

const entityOf = (id: string): string => `oauth_application/${id}`;

/** Without opening secrets. */
const publicOf = (row: ApplicationRow): OAuthApplicationSettings =>
  oauthApplicationSettingsSchema.parse(mapSecrets(oauthApplicationSettingsSchema, row.settings, () => 'sealed'));

/** What a consent and a secret belong to. */
function identityOf(provider: MailProviderId, settings: OAuthApplicationSettings): object {
  const { clientSecret: _secret, certificate: _certificate, serviceAccount, ...open } = settings;
  return { provider, ...open, account: serviceAccount?.email };
}

function changed<F extends string, T>(
  field: F,
  { change, ...rest }: SecretChange<T>,
  old: T | undefined,
): Partial<Record<F, T>> {
  const value = change === 'set' && 'value' in rest ? rest.value : change === 'keep' ? old : undefined;
  return (value === undefined ? {} : { [field]: value }) as Partial<Record<F, T>>; // one key, as named
}

/** When each secret was last set. */
function changes(
  before: Readonly<Record<string, number>>,
  old: OAuthApplicationSettings,
  settings: OAuthApplicationSettings,
): Record<string, number> {
  const set = SECRET_FIELDS.filter((field) => settings[field] !== undefined);
  const now = Date.now();
  return Object.fromEntries(
    set.map((field) => [field, isDeepStrictEqual(old[field], settings[field]) ? (before[field] ?? now) : now]),
  );
}

/** A certificate tells its end by itself. */
function expiryOf({ settings, secretExpiresAt }: ApplicationToSave): Date | null {
  if (secretExpiresAt !== null) return new Date(secretExpiresAt);
  if (settings.certificate === undefined) return null;
  try {
    return new X509Certificate(settings.certificate.certificate).validToDate;
  } catch {
    return null;
  }
}
