import type {
  MailProviderId,
  MailProviderOAuth,
  OAuthApplicationSettings,
  OAuthFlow,
  OAuthInlineSettings,
  OAuthSettings,
} from '@signalpost/contracts';

import { PROVISIONING_ACTOR, SYSTEM_ACTOR, type Actor } from '../../access/index.js';
import type { UnitOfWork } from '../../db/index.js';
import type { ApplicationRef, OAuthTemplates } from './application-in-use.js';
import type { OAuthApplications } from './applications.js';
import type { GrantRef } from './grant-row.js';
import { isAppOnly, type Grants } from './grants.js';
import { refused, type Result } from './oauth-failures.js';

/** What the token is for: one request never asks for two of them. */
export type OAuthUse = 'smtp' | 'graph' | 'gmail';

/** How a mail server wants to sign in, as its settings or the provisioning file say it. */
export interface SignInWanted {
  readonly ref: GrantRef;
  /** The server's name, for the application that is made of inline fields. */
  readonly name: string;
  readonly provider: MailProviderId;
  readonly use: OAuthUse;
  readonly auth: OAuthSettings | OAuthInlineSettings;
  readonly managed: boolean;
  /** See `ApplicationToSave`. */
  readonly mayDialAnywhere?: boolean;
  /** Who saves the server; absent for the provisioning file and for Signalpost itself. */
  readonly actor?: Actor;
}

/** Joins a mail server's settings to its grant. Call it in the transaction that saves the server, after its row is written. */
export class ServerSignIn {
  constructor(
    private readonly grants: Grants,
    private readonly applications: OAuthApplications,
    private readonly templates: OAuthTemplates,
  ) {}

  /** @returns the settings to keep: inline fields have become an application of the server's own */
  async apply(uow: UnitOfWork, wanted: SignInWanted): Promise<Result<OAuthSettings>> {
    const { ref, auth } = wanted;
    const actor = actorOf(wanted);
    const template = this.templates(wanted.provider);
    if (!template?.flows.includes(auth.flow)) return refused('flow-unsupported');
    const scopes = auth.scopes ?? scopesOf(template, wanted.use, isAppOnly(auth.flow));
    const application =
      'applicationId' in auth ? await this.#chosen(uow, ref.tenantId, auth) : await this.#own(uow, wanted, auth);
    if (application === undefined) return refused('application-missing');
    const { flow, username: mailbox, sharedMailbox } = auth;
    const asked = { application, flow, mailbox, sharedMailbox: sharedMailbox ?? null, scopes };
    await this.grants.attach(uow, ref, asked, actor);
    if (application.id !== ref.serverId)
      await this.applications.delete(uow, { tenantId: ref.tenantId, id: ref.serverId }, actor);
    const shared = sharedMailbox === undefined ? {} : { sharedMailbox };
    const own = auth.scopes === undefined ? {} : { scopes: auth.scopes };
    return {
      ok: true,
      value: { kind: 'oauth2', flow, username: mailbox, ...shared, ...own, applicationId: application.id },
    };
  }

  /** The server is another machine now, which must not be shown the tokens of the old one. What needs no person goes on. */
  async consentAgain(uow: UnitOfWork, ref: GrantRef, flow: OAuthFlow, actor: Actor): Promise<void> {
    if (!isAppOnly(flow)) await this.grants.forget(uow, ref, actor);
  }

  /** The server signs in otherwise now, or is being deleted. */
  async end(uow: UnitOfWork, ref: GrantRef, actor: Actor = SYSTEM_ACTOR): Promise<void> {
    await this.grants.detach(uow, ref, actor);
    await this.applications.delete(uow, { tenantId: ref.tenantId, id: ref.serverId }, actor);
  }

  /**
   * Locked, so that it cannot be deleted before the grant names it. A shared one signs people in; what it may by itself is
   * the system's alone.
   */
  async #chosen(
    uow: UnitOfWork,
    tenantId: string,
    { applicationId: id, flow }: OAuthSettings,
  ): Promise<ApplicationRef | undefined> {
    const row = await this.applications.find(uow, tenantId, id);
    if (row === undefined || (row.tenant_id !== tenantId && isAppOnly(flow))) return undefined;
    await uow.query('SELECT 1 FROM oauth_application WHERE tenant_id = $1 AND id = $2 FOR SHARE', [row.tenant_id, id]);
    return { tenantId: row.tenant_id, id };
  }

  /** It has the server's id: it stays the same one however the server is renamed. */
  async #own(uow: UnitOfWork, wanted: SignInWanted, auth: OAuthInlineSettings): Promise<ApplicationRef> {
    const { ref, name, provider, managed, mayDialAnywhere = false } = wanted;
    const { tenantId, serverId: id } = ref;
    const taken = await this.applications.isTaken(uow, tenantId, name, id);
    const settings = applicationOf(auth);
    const rest = { provider, settings, shared: false, secretExpiresAt: auth.secretExpiresAt, managed, mayDialAnywhere };
    const own = { id, name: taken ? `${name} (${id})` : name, ...rest };
    await this.applications.save(uow, tenantId, own, actorOf(wanted));
    return { tenantId, id };
  }
}

const actorOf = ({ actor, managed }: SignInWanted): Actor => actor ?? (managed ? PROVISIONING_ACTOR : SYSTEM_ACTOR);

function applicationOf(auth: OAuthInlineSettings): OAuthApplicationSettings {
  const { kind: _kind, flow: _flow, username: _username, sharedMailbox: _shared, scopes: _scopes, ...rest } = auth;
  const { secretExpiresAt: _end, ...settings } = rest;
  return settings;
}

function scopesOf(template: MailProviderOAuth, use: OAuthUse, appOnly: boolean): readonly string[] {
  const scopes = appOnly ? template.appOnlyScopes : template.scopes;
  return scopes?.[use] ?? [];
}
