import type { CustomMailServer } from '@signalpost/contracts';

import type { Queryable } from '../../db/index.js';
import type { ServerRef } from './choose-server.js';
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
  readonly smtp: CustomMailServer;
  /** The sandbox is ours: no egress check, no rule about cleartext. */
  readonly sandbox: boolean;
  /** Private `host:port` that this server may dial all the same; see `MailServerInput.mayDialAnywhere`. */
  readonly dialAllowed: readonly string[];
}

/** Many at once over the loopback; what it does with mails is quick. */
const SANDBOX_CONNECTIONS = 5;

export class MailRoutes {
  constructor(
    private readonly stored: StoredSettings,
    private readonly sandbox: SandboxAccess,
  ) {}

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
    const settings = this.stored.open(server.tenantId, server.id, row.settings);
    const sandbox = settings.provider === 'sandbox';
    const smtp = sandbox ? this.#sandboxSettings(server.tenantId, settings) : settings;
    return { server, revision: row.revision, smtp, sandbox, dialAllowed: row.dial_allowed };
  }

  #sandboxSettings(tenantId: string, said: Pick<CustomMailServer, 'from' | 'replyTo' | 'headers'>): CustomMailServer {
    return {
      ...said,
      provider: 'custom',
      host: this.sandbox.host,
      port: this.sandbox.port,
      tls: 'none',
      auth: { kind: 'basic', username: tenantId, password: this.sandbox.passwordOf(tenantId) },
      maxConnections: SANDBOX_CONNECTIONS,
      maxMessagesPerConnection: 1000,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 60_000,
    };
  }
}
