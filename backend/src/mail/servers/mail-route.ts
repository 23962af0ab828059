import {
  outboundSettingsSchema,
  type OutboundSettings,
  type SandboxSettings,
  type StoredOutboundSettings,
} from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Queryable } from '../../db/index.js';
import type { MailboxTokens } from '../transport/mailbox-tokens.js';
import type { ServerRef } from './choose-server.js';
import type { Connectors } from './connectors.js';
import { withoutMacros, type Variables } from './macros.js';
import { referencesOf, withNamedSecrets } from './references.js';
import type { RouteConnector } from './route-connector.js';
import { connectorOf } from './server-connector.js';
import type { StoredSettings } from './stored-settings.js';

/** Where the sandbox listens; its user is the tenant, so that each tenant has an inbox of its own. */
export interface SandboxAccess {
  readonly host: string;
  /** 0 while it is not up. */
  readonly port: number;
  passwordOf(tenantId: string): string;
}

/** The settings of one revision, secrets in hand: never leaves this room, never logged. */
export interface MailRoute {
  readonly server: ServerRef;
  readonly revision: number;
  /** Macros replaced, named secrets looked up; the sandbox is an SMTP server like any other. */
  readonly settings: OutboundSettings;
  /** The sandbox is ours: no egress check, no rule about cleartext. */
  readonly sandbox: boolean;
  /** Private `host:port` that this server may dial all the same; see `MailServerToSave.mayDialAnywhere`. */
  readonly dialAllowed: readonly string[];
  readonly connector: RouteConnector;
  /** null: does not sign in with OAuth 2.0. */
  readonly token: MailboxTokens | null;
}

const DIRECT: RouteConnector = { kind: 'direct' };

/** What routes are made of besides the stored settings. */
export interface RouteNeeds {
  readonly stored: StoredSettings;
  readonly sandbox: SandboxAccess;
  /** For macros of the system's servers. Absent: the program's own environment. */
  readonly variables?: Variables;
  /** Absent: every server is reached directly. */
  readonly connectors?: Connectors;
  /** Absent: nobody here sends with OAuth 2.0. */
  readonly tokens?: (server: ServerRef) => MailboxTokens;
}

/** Many at once over the loopback; what it does with mails is quick. */
const SANDBOX_LIMITS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 };

export class MailRoutes {
  constructor(private readonly needs: RouteNeeds) {}

  /**
   * The newest settings; null when the server is gone.
   * @throws SecretError, ZodError: stored settings that this version cannot use
   */
  async resolve(db: Queryable, server: ServerRef): Promise<MailRoute | null> {
    const [row] = await db.query<{ revision: number; settings: unknown; dial_allowed: string[] }>(
      'SELECT revision, settings, dial_allowed FROM mail_server WHERE tenant_id = $1 AND id = $2',
      [server.tenantId, server.id],
    );
    if (row === undefined) return null;
    const stored = this.needs.stored.open(server.tenantId, server.id, row.settings);
    const sandbox = stored.provider === 'sandbox';
    const settings = sandbox
      ? this.#sandboxSettings(server.tenantId, stored)
      : await this.#outboundSettings(db, server.tenantId, stored);
    const token = settings.auth.kind === 'oauth2' ? (this.needs.tokens?.(server) ?? null) : null;
    const connector = sandbox ? DIRECT : await this.#connector(db, server.tenantId, settings);
    const rest = { sandbox, dialAllowed: row.dial_allowed, connector, token };
    return { server, revision: row.revision, settings, ...rest };
  }

  /** Secrets of the scope's own store in the place of their names; macros of the system's servers replaced. */
  async #outboundSettings(db: Queryable, tenantId: string, stored: StoredOutboundSettings): Promise<OutboundSettings> {
    const ids = referencesOf(stored).map(({ secretId }) => secretId);
    const named = await this.needs.stored.namedSecrets.openAll(db, tenantId, ids);
    const variables = tenantId === SYSTEM_TENANT_ID ? (this.needs.variables ?? process.env) : {};
    return outboundSettingsSchema.parse(withoutMacros(withNamedSecrets(stored, named), variables));
  }

  #connector(db: Queryable, tenantId: string, { connectorId }: OutboundSettings): Promise<RouteConnector> {
    const { connectors } = this.needs;
    return connectors === undefined ? Promise.resolve(DIRECT) : connectorOf(db, connectors, tenantId, connectorId);
  }

  #sandboxSettings(tenantId: string, said: SandboxSettings): OutboundSettings {
    const { host, port } = this.needs.sandbox;
    const auth = { kind: 'basic', username: tenantId, password: this.needs.sandbox.passwordOf(tenantId) };
    return outboundSettingsSchema.parse({
      ...said,
      ...SANDBOX_LIMITS,
      provider: 'custom',
      host,
      port,
      tls: 'none',
      auth,
    });
  }
}
