import { isDeepStrictEqual } from 'node:util';

import { Inject } from '@nestjs/common';
import {
  identityProviderSettingsSchema,
  type IdentityProvider,
  type IdentityProviderInput,
  type IdentityProviderSettings,
} from '@signalpost/contracts';

import type { Actor } from '../../access/index.js';
import { Audit, changedFields } from '../../audit/index.js';
import { CONFIG, type Config } from '../../config/index.js';
import { Database, type Queryable, type Saved, type UnitOfWork } from '../../db/index.js';
import { ProblemError, validationProblem } from '../../http/index.js';
import { SecretBox, type SecretPlace } from '../../secrets/index.js';
import { OidcClients } from './oidc-clients.js';

interface Row {
  readonly settings: IdentityProviderSettings;
  readonly secret_changed_at: Date | null;
  readonly managed: boolean;
  readonly updated_at: Date;
  readonly customer_name: string | null;
}

/** Writes the table `identity_provider`: at most one a tenant. Its secret goes in and never comes out. */
export class IdentityProviders {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SecretBox) private readonly box: SecretBox,
    @Inject(OidcClients) private readonly clients: OidcClients,
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
  ) {}

  /** Null where the tenant has none. */
  async get(tenantId: string): Promise<IdentityProvider | null> {
    const row = await find(this.database, tenantId);
    return row === undefined ? null : this.#view(tenantId, row);
  }

  /** With the secret in hand; undefined where there is none, or it is switched off. */
  async inUse(tenantId: string): Promise<IdentityProviderSettings | undefined> {
    const settings = (await find(this.database, tenantId))?.settings;
    return settings?.active === true ? this.#opened(tenantId, settings) : undefined;
  }

  /**
   * Asks the issuer to describe itself first: a mistake is told to who made it, not to people who want to sign in.
   * @throws ProblemError `identity-provider-refused`, `managed-by-file`, `validation-failed` for an unknown customer
   */
  async save(tenantId: string, input: IdentityProviderInput, actor: Actor): Promise<IdentityProvider> {
    const before = await find(this.database, tenantId);
    refuseManaged(before);
    const old = before && this.#opened(tenantId, before.settings);
    const { clientSecret, ...fields } = input;
    const settings = {
      ...fields,
      clientSecret: changed(clientSecret, old?.clientSecret ?? null, isElsewhere(old, input)),
    };
    await this.clients.look(settings);
    await this.database.transaction(async (uow) => {
      refuseManaged(await find(uow, tenantId)); // a file may have come meanwhile
      await refuseUnknownCustomer(uow, tenantId, settings.customerId);
      await this.#write(uow, tenantId, { old, settings, managed: false });
      await note(uow, tenantId, before ? 'updated' : 'created', actor, old, settings);
    });
    const saved = await this.get(tenantId);
    if (saved === null) throw new ProblemError('not-found', { detail: 'It was removed in this moment.' });
    return saved;
  }

  /**
   * As the provisioning file has it; what is the same, the secret opened, writes nothing. The issuer is not asked: one that
   * is down for a moment must not keep the product from starting.
   */
  async provision(
    uow: UnitOfWork,
    tenantId: string,
    settings: IdentityProviderSettings,
    managed: boolean,
    actor: Actor,
  ): Promise<Saved> {
    const before = await find(uow, tenantId);
    const old = before && this.#opened(tenantId, before.settings);
    const same = isDeepStrictEqual(old, settings);
    if (same && before?.managed === managed) return { id: tenantId, change: 'unchanged' };
    await this.#write(uow, tenantId, { old, settings, managed });
    if (!same) await note(uow, tenantId, before ? 'updated' : 'created', actor, old, settings);
    return { id: tenantId, change: before ? 'updated' : 'created' };
  }

  /** Unlocks it: the file names it no more. @returns its name; undefined: it was not locked */
  async release(uow: UnitOfWork, tenantId: string): Promise<string | undefined> {
    const [row] = await uow.query<{ name: string }>(
      `UPDATE identity_provider SET managed = false WHERE tenant_id = $1 AND managed RETURNING settings->>'name' AS name`,
      [tenantId],
    );
    return row?.name;
  }

  /** Accounts stay, with the password that they have. @throws ProblemError `not-found`, `managed-by-file` */
  async remove(tenantId: string, actor: Actor): Promise<void> {
    const row = await find(this.database, tenantId);
    refuseManaged(row);
    const before = row?.settings;
    if (before === undefined) throw new ProblemError('not-found');
    await this.database.transaction(async (uow) => {
      await uow.query('DELETE FROM identity_provider WHERE tenant_id = $1', [tenantId]);
      await uow.query('DELETE FROM identity_link WHERE tenant_id = $1', [tenantId]);
      await note(uow, tenantId, 'deleted', actor, before, undefined);
    });
  }

  redirectUri(tenantId: string): string {
    return `${this.config.publicUrl}/api/auth/oidc/${tenantId}/callback`;
  }

  async #write(
    uow: UnitOfWork,
    tenantId: string,
    {
      old,
      settings,
      managed,
    }: {
      readonly old: IdentityProviderSettings | undefined;
      readonly settings: IdentityProviderSettings;
      readonly managed: boolean;
    },
  ): Promise<void> {
    const { clientSecret } = settings;
    const sealed = clientSecret === null ? null : this.box.seal(clientSecret, placeOf(tenantId));
    const stored = JSON.stringify({ ...settings, clientSecret: sealed });
    await uow.query(SAVE, [tenantId, stored, old?.clientSecret !== clientSecret, managed]);
  }

  #opened(tenantId: string, settings: IdentityProviderSettings): IdentityProviderSettings {
    const { clientSecret } = settings;
    return { ...settings, clientSecret: clientSecret === null ? null : this.box.open(clientSecret, placeOf(tenantId)) };
  }

  #view(tenantId: string, { settings, secret_changed_at, updated_at, customer_name, managed }: Row): IdentityProvider {
    const { clientSecret, customerId, ...shown } = settings;
    return {
      ...shown,
      clientSecret: { isSet: clientSecret !== null, changedAt: secret_changed_at?.getTime() ?? null },
      customer: customerId === null ? null : { id: customerId, name: customer_name ?? '' },
      redirectUri: this.redirectUri(tenantId),
      signInLink: `${this.config.publicUrl}/sign-in?tenant=${tenantId}`,
      managed,
      updatedAt: updated_at.getTime(),
    };
  }
}

function refuseManaged(row: Pick<Row, 'managed'> | undefined): void {
  if (row?.managed === true) throw new ProblemError('managed-by-file');
}

const placeOf = (tenantId: string): SecretPlace => ({
  tenantId,
  entity: `identity_provider/${tenantId}`,
  field: 'clientSecret',
});

/** A secret that was given to one issuer is not sent to another one. */
const isElsewhere = (old: IdentityProviderSettings | undefined, now: IdentityProviderInput): boolean =>
  old !== undefined && (old.issuer !== now.issuer || old.clientId !== now.clientId);

function changed(input: IdentityProviderInput['clientSecret'], old: string | null, elsewhere: boolean): string | null {
  if (input.change === 'set') return input.value;
  if (input.change === 'clear' || old === null) return null;
  if (elsewhere)
    throw validationProblem([
      { path: ['clientSecret'], message: 'must be entered again for another issuer or client' },
    ]);
  return old;
}

async function refuseUnknownCustomer(uow: UnitOfWork, tenantId: string, customerId: string | null): Promise<void> {
  if (customerId === null) return;
  const rows = await uow.query('SELECT 1 FROM customer WHERE tenant_id = $1 AND id = $2', [tenantId, customerId]);
  if (rows.length === 0) throw validationProblem([{ path: ['customerId'], message: 'is no customer' }]);
}

async function note(
  uow: UnitOfWork,
  tenantId: string,
  what: 'created' | 'updated' | 'deleted',
  actor: Actor,
  before: IdentityProviderSettings | undefined,
  after: IdentityProviderSettings | undefined,
): Promise<void> {
  const name = after?.name ?? before?.name ?? '';
  await Audit.record(uow, {
    ...actor,
    tenantId,
    action: `identity-provider.${what}`,
    entity: { type: 'identity-provider', id: tenantId, name },
    changes: changedFields(identityProviderSettingsSchema, before, after),
  });
}

async function find(db: Queryable, tenantId: string): Promise<Row | undefined> {
  const [row] = await db.query<Row>(FIND, [tenantId]);
  return row && { ...row, settings: identityProviderSettingsSchema.parse(row.settings) };
}

const FIND = `
  SELECT p.settings, p.secret_changed_at, p.managed, p.updated_at, c.name AS customer_name
  FROM identity_provider p
  LEFT JOIN customer c ON c.tenant_id = p.tenant_id AND c.id::text = p.settings->>'customerId'
  WHERE p.tenant_id = $1`;

const SAVE = `
  INSERT INTO identity_provider AS p (tenant_id, settings, secret_changed_at, managed) VALUES ($1, $2::jsonb, now(), $4)
  ON CONFLICT (tenant_id) DO UPDATE SET settings = EXCLUDED.settings, updated_at = now(), managed = EXCLUDED.managed,
    secret_changed_at = CASE WHEN $3::boolean THEN now() ELSE p.secret_changed_at END`;
