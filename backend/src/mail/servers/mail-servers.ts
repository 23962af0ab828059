import { isDeepStrictEqual } from 'node:util';

import {
  MAIL_SERVER_SCHEMA_VERSION,
  type MailServer,
  type MailServerSummary,
  type OAuthInlineSettings,
  type StoredMailServerSettings,
  type StoredOutboundSettings,
} from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { SYSTEM_TENANT_ID, type Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Clock, Queryable, UnitOfWork } from '../../db/index.js';
import { ProblemError } from '../../http/index.js';
import { endpointOf, type EgressGuard } from '../../net/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { OAuthApplications } from '../oauth/applications.js';
import type { ServerSignIn } from '../oauth/server-sign-in.js';
import type { OutboxSignal } from '../outbox-signal.js';
import { auditedState, changesOf } from './audited-state.js';
import { checkSettings, portOf } from './check-settings.js';
import type { SettingsProblem } from './settings-problem.js';
import type { Connectors } from './connectors.js';
import { withoutMacros, type Variables } from './macros.js';
import type { NamedSecrets } from './named-secrets.js';
import { checkReferences, openReferences } from './references.js';
import { findServer, listServers, lockServers, takeMark, type StoredServer } from './server-rows.js';
import { toDetail, toSummary, type ViewContext } from './server-view.js';
import { asStored, secretsChanged, viewSettings, type StoredSettings } from './stored-settings.js';

export interface MailServerToSave {
  /** Absent: the server of this name, or a new one. */
  readonly id?: string;
  /** What the change is made to; absent: whatever is there. */
  readonly revision?: number;
  readonly name: string;
  readonly description?: string;
  /** Takes the place of the scope's default server. The first server of a scope is its default in any case. */
  readonly default: boolean;
  /** Of the system alone: sends system mail when the default server cannot. */
  readonly fallback?: boolean;
  readonly active: boolean;
  readonly settings: StoredMailServerSettings;
  /** An application of the server's own, of which `settings.auth` becomes the user: as the provisioning file writes it. */
  readonly ownApplication?: OAuthInlineSettings;
  /** Named by the provisioning file. */
  readonly managed: boolean;
  /** Whoever writes it may let it dial into private networks: the provisioning file, which the operator owns. */
  readonly mayDialAnywhere?: boolean;
  readonly by: Actor;
}

export interface SavedMailServer {
  readonly id: string;
  readonly revision: number;
  /** false: all was as given; nothing was written. */
  readonly changed: boolean;
}

export type SaveResult =
  | { readonly ok: true; readonly value: SavedMailServer }
  | { readonly ok: false; readonly failure: MailFailure; readonly problems: readonly SettingsProblem[] };

export interface MailServerParts {
  readonly stored: StoredSettings;
  readonly egress: EgressGuard;
  readonly signal: OutboxSignal;
  readonly signIn: ServerSignIn;
  readonly applications: Pick<OAuthApplications, 'find'>;
  readonly secrets: NamedSecrets;
  readonly connectors: Connectors;
  /** The program's environment, for macros of the system's servers. */
  readonly variables: Variables;
  readonly clock: Clock;
  /** Told after a commit. */
  readonly changed: (tenantId: string, kind: 'saved' | 'deleted', id: string) => void;
}

/** What is to be stored. */
interface WantedServer extends MailServerToSave {
  readonly id: string;
  readonly description: string;
  readonly fallback: boolean;
  readonly dialAllowed: readonly string[];
}

/** The one writer of `mail_server`, for the system's servers (nil tenant) and the tenants'. */
export class MailServers {
  constructor(private readonly parts: MailServerParts) {}

  /**
   * Idempotent: what equals the stored server, its secrets opened, writes nothing and keeps the revision. After a failure
   * the transaction holds nothing of it.
   * @throws ProblemError `changed-meanwhile`, `name-taken`, `default-mail-server-needed`, `validation-failed` (sign-in)
   */
  async save(uow: UnitOfWork, tenantId: string, input: MailServerToSave): Promise<SaveResult> {
    const servers = await lockServers(uow, tenantId);
    const old = servers.find((server) =>
      input.id === undefined ? server.name === input.name : server.id === input.id,
    );
    if (old === undefined && input.id !== undefined)
      return failed([{ field: '', code: 'mail-server-missing', message: '' }]);
    refuseConflicts(servers, old, input);
    const wanted = this.#wanted(tenantId, servers, old, input);
    const problems = await this.#check(uow, tenantId, wanted);
    if (problems.length > 0) return failed(problems);
    const value = old === undefined ? await this.#insert(uow, tenantId, wanted) : await this.#update(uow, old, wanted);
    await this.#applySignIn(uow, tenantId, wanted, old && viewSettings(old.settings));
    if (value.changed) uow.afterCommit(() => this.#tell(tenantId, 'saved', wanted.id));
    return { ok: true, value };
  }

  /** Every server of the scope, its default first; without secrets. */
  async list(db: Queryable, tenantId: string): Promise<MailServerSummary[]> {
    const rows = await listServers(db, tenantId);
    return rows.map((row) => toSummary(row, this.#viewContext(tenantId)));
  }

  /** @throws ProblemError `not-found`, as for servers of others */
  async get(db: Queryable, tenantId: string, id: string): Promise<MailServer> {
    const row = await findServer(db, tenantId, id);
    if (row === undefined) throw new ProblemError('not-found');
    const context = this.#viewContext(tenantId);
    return toDetail(row, context, (ids) => this.parts.secrets.names(db, tenantId, ids));
  }

  /** The settings until now, for who changes them; undefined where they cannot be opened. */
  openOld(row: Pick<StoredServer, 'tenant_id' | 'id' | 'settings'>): StoredMailServerSettings | undefined {
    try {
      return this.parts.stored.open(row.tenant_id, row.id, row.settings);
    } catch {
      return undefined;
    }
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

  /** Deletes the row and the grant; who used it is the caller's. */
  async remove(uow: UnitOfWork, row: StoredServer, by: Actor): Promise<void> {
    const { tenant_id: tenantId, id, name } = row;
    await this.parts.signIn.end(uow, { tenantId, serverId: id }, by);
    await uow.query('DELETE FROM mail_server WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
    await Audit.record(uow, {
      ...by,
      tenantId,
      action: 'mail-server.deleted',
      entity: { type: 'mail-server', id, name },
    });
    uow.afterCommit(() => this.#tell(tenantId, 'deleted', id));
  }

  /** The one that takes over. */
  async makeDefault(uow: UnitOfWork, tenantId: string, id: string): Promise<void> {
    await takeMark(uow, tenantId, id, 'is_default');
    await uow.query('UPDATE mail_server SET is_default = true, is_fallback = false WHERE tenant_id = $1 AND id = $2', [
      tenantId,
      id,
    ]);
  }

  #tell(tenantId: string, kind: 'saved' | 'deleted', id: string): void {
    this.parts.signal.wake();
    this.parts.changed(tenantId, kind, id);
  }

  #viewContext(tenantId: string): ViewContext {
    return { open: (row) => this.openOld(row), variables: this.#variablesOf(tenantId) };
  }

  #variablesOf(tenantId: string): Variables | undefined {
    return tenantId === SYSTEM_TENANT_ID ? this.parts.variables : undefined;
  }

  #wanted(
    tenantId: string,
    servers: readonly StoredServer[],
    old: StoredServer | undefined,
    input: MailServerToSave,
  ): WantedServer {
    const id = old?.id ?? uuidV7();
    const settings = asStored(withOwnApplication(input.settings, input.ownApplication, id));
    const isDefault = input.default || !servers.some((server) => server.is_default && server !== old);
    if (isDefault && !input.active && servers.some((server) => server.active && server !== old))
      throw new ProblemError('default-mail-server-needed');
    const given = { description: input.description ?? '', fallback: input.fallback ?? false };
    const dialAllowed = this.#allowed(tenantId, { ...input, settings }, old);
    return { ...input, ...given, id, settings, dialAllowed, default: isDefault };
  }

  /** Editing the host or the port takes the permission away again, unless whoever edits may give it. */
  #allowed(
    tenantId: string,
    { settings, mayDialAnywhere = false }: MailServerToSave,
    old: StoredServer | undefined,
  ): string[] {
    if (settings.provider === 'sandbox') return [];
    const reached = withoutMacros(settings, this.#variablesOf(tenantId) ?? {});
    const endpoint = endpointOf(reached.host, Number(portOf(reached)));
    return mayDialAnywhere || old?.dial_allowed.includes(endpoint) === true ? [endpoint] : [];
  }

  async #check(uow: UnitOfWork, tenantId: string, wanted: WantedServer): Promise<SettingsProblem[]> {
    const { settings, dialAllowed } = wanted;
    const { egress, clock, secrets } = this.parts;
    const opened = await openReferences(uow, secrets, tenantId, settings);
    const marks = checkMarks(tenantId, wanted);
    const references = await checkReferences(uow, this.parts, tenantId, wanted, opened);
    const found = checkSettings(settings, {
      egress,
      allowed: dialAllowed,
      variables: this.#variablesOf(tenantId),
      secretOf: (value) => (typeof value === 'string' ? value : opened.get(value.secretId)),
      now: clock.now(),
    });
    return [...marks, ...found, ...references];
  }

  async #insert(uow: UnitOfWork, tenantId: string, wanted: WantedServer): Promise<SavedMailServer> {
    const { id, name, description, active, managed, settings, dialAllowed } = wanted;
    await takeMarks(uow, tenantId, wanted);
    await uow.query(
      `INSERT INTO mail_server (tenant_id, id, name, description, active, is_default, is_fallback, managed, settings,
         schema_version, secrets_changed, dial_allowed)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[tenantId, id, name, description, active, wanted.default, wanted.fallback, managed],
        ...[this.parts.stored.seal(tenantId, id, settings), MAIL_SERVER_SCHEMA_VERSION],
        ...[JSON.stringify(secretsChanged({}, undefined, settings, this.parts.clock.now())), dialAllowed],
      ],
    );
    await this.#record(uow, tenantId, wanted, undefined);
    return { id, revision: 1, changed: true };
  }

  async #update(uow: UnitOfWork, old: StoredServer, wanted: WantedServer): Promise<SavedMailServer> {
    const { tenant_id: tenantId, id } = old;
    const before = this.openOld(old);
    const sameSettings = isDeepStrictEqual(before, wanted.settings);
    const sameUse =
      sameSettings &&
      isDeepStrictEqual(old.dial_allowed, wanted.dialAllowed) &&
      old.active === wanted.active &&
      old.name === wanted.name &&
      old.description === wanted.description;
    const sameMarks = old.is_default === wanted.default && old.is_fallback === wanted.fallback;
    if (sameUse && sameMarks && old.managed === wanted.managed) return { id, revision: old.revision, changed: false };
    await takeMarks(uow, tenantId, wanted);
    const revision = sameUse ? old.revision : old.revision + 1;
    const changed = secretsChanged(old.secrets_changed, before, wanted.settings, this.parts.clock.now());
    await uow.query(
      `UPDATE mail_server SET name = $3, description = $4, active = $5, is_default = $6, is_fallback = $7, managed = $8,
         settings = coalesce($9, settings), schema_version = $10, secrets_changed = $11, revision = $12, dial_allowed = $13,
         updated_at = now() WHERE tenant_id = $1 AND id = $2`,
      [
        ...[tenantId, id, wanted.name, wanted.description, wanted.active, wanted.default, wanted.fallback],
        ...[wanted.managed, sameSettings ? null : this.parts.stored.seal(tenantId, id, wanted.settings)],
        ...[MAIL_SERVER_SCHEMA_VERSION, JSON.stringify(changed), revision, wanted.dialAllowed],
      ],
    );
    await this.#record(uow, tenantId, wanted, old);
    return { id, revision, changed: true };
  }

  async #record(uow: UnitOfWork, tenantId: string, wanted: WantedServer, old: StoredServer | undefined): Promise<void> {
    const before = old && auditedState(old, this.openOld(old));
    await Audit.record(uow, {
      ...wanted.by,
      tenantId,
      action: old === undefined ? 'mail-server.created' : 'mail-server.updated',
      entity: { type: 'mail-server', id: wanted.id, name: wanted.name },
      changes: changesOf(before, wanted),
    });
  }

  /** Another provider, application or mailbox ends the grant; a refusal undoes the whole transaction. */
  async #applySignIn(
    uow: UnitOfWork,
    tenantId: string,
    wanted: WantedServer,
    old: StoredMailServerSettings | undefined,
  ): Promise<void> {
    const { settings, id: serverId, name, managed, mayDialAnywhere = false, by } = wanted;
    const ref = { tenantId, serverId };
    if (settings.provider === 'sandbox' || settings.auth.kind !== 'oauth2') return this.parts.signIn.end(uow, ref, by);
    const { provider, transport: use } = settings;
    const auth = wanted.ownApplication ?? settings.auth;
    const applied = await this.parts.signIn.apply(uow, {
      ...{ ref, name, provider, use, auth, managed, mayDialAnywhere },
      actor: by,
    });
    if (!applied.ok) throw refusedSignIn(`${applied.failure.message} ${applied.failure.advice}`);
    if (!mayDialAnywhere && isElsewhere(old, settings)) await this.parts.signIn.consentAgain(uow, ref, auth.flow, by);
  }
}

/** A server whose application is made of inline fields: the application has the server's own id. */
function withOwnApplication(
  settings: StoredMailServerSettings,
  own: OAuthInlineSettings | undefined,
  id: string,
): StoredMailServerSettings {
  if (own === undefined || settings.provider === 'sandbox') return settings;
  const { kind, flow, username, sharedMailbox, scopes } = own;
  const optional = {
    ...(sharedMailbox === undefined ? {} : { sharedMailbox }),
    ...(scopes === undefined ? {} : { scopes }),
  };
  return { ...settings, auth: { kind, flow, username, ...optional, applicationId: id } };
}

function refuseConflicts(
  servers: readonly StoredServer[],
  old: StoredServer | undefined,
  input: MailServerToSave,
): void {
  if (input.revision !== undefined && old?.revision !== input.revision) throw new ProblemError('changed-meanwhile');
  if (servers.some((server) => server.name === input.name && server !== old)) throw new ProblemError('name-taken');
}

function checkMarks(tenantId: string, { fallback, default: isDefault, active }: WantedServer): SettingsProblem[] {
  if (!fallback) return [];
  const at = (message: string) => [{ field: 'fallback', message }];
  if (tenantId !== SYSTEM_TENANT_ID) return at('is for mail servers of the system; a tenant has no fallback server.');
  if (isDefault) return at('must be another mail server than the default one.');
  return active ? [] : at('must be active.');
}

async function takeMarks(uow: UnitOfWork, tenantId: string, wanted: WantedServer): Promise<void> {
  if (wanted.default) await takeMark(uow, tenantId, wanted.id, 'is_default');
  if (wanted.fallback) await takeMark(uow, tenantId, wanted.id, 'is_fallback');
}

function failed(problems: readonly SettingsProblem[]): SaveResult {
  const said = problems
    .map(({ field, message, code }) => (code === undefined ? `${field}: ${message}` : message))
    .join(' ');
  const code = problems.find((problem) => problem.code !== undefined)?.code ?? 'mail-server-unusable';
  return { ok: false, failure: mailFailure(code, said === '' ? undefined : said), problems };
}

/** Whether mails go to another machine than before. */
const isElsewhere = (old: StoredMailServerSettings | undefined, settings: StoredOutboundSettings): boolean =>
  old !== undefined && old.provider !== 'sandbox' && old.host.toLowerCase() !== settings.host.toLowerCase();

const refusedSignIn = (message: string): ProblemError =>
  new ProblemError('validation-failed', { errors: [{ pointer: '/settings/auth/applicationId', message }] });
