import {
  CLIENTS,
  DIRECTORY_ID,
  startAuthority,
  type AuthorityOptions,
  type FakeAuthority,
} from '../fakes/oauth/authority.js';
import { CA_FILE, startSmtp, type FakeSmtp, type Persona } from '../fakes/smtp-server.js';
import { mailEachMessage } from './chains.js';
import { ask } from './database.js';
import { Product } from './product.js';
import { ADMIN, TOKEN, tenant } from './tenant.js';
import type { Visitor } from './visitor.js';

export const MAILBOX = 'box@example.org';

/** The product beside an authority and an SMTP server that believes the authority's tokens, and no password. */
export class OAuthStack {
  private constructor(
    readonly product: Product,
    readonly authority: FakeAuthority,
    readonly smtp: FakeSmtp,
    readonly persona: Persona,
  ) {}

  static async prepare(kind: AuthorityOptions['kind'], persona: AuthorityOptions['persona'] = {}): Promise<OAuthStack> {
    const product = await Product.prepare({ env: { NODE_EXTRA_CA_CERTS: CA_FILE } });
    const callback = `http://localhost:${new URL(product.url).port}/api/mail/oauth/callback`;
    const authority = await startAuthority({ kind, persona, redirectUris: [callback] });
    const accountOf = (token: string) => authority.accountOf(token);
    const smtpPersona: Persona = {
      tls: 'starttls',
      oauth: { accountOf, refuses: kind === 'google' ? 'challenge' : 'at once' },
    };
    const smtp = await startSmtp(smtpPersona);
    return new OAuthStack(product, authority, smtp, smtpPersona);
  }

  /** Settings of a mail server over this SMTP server. */
  settings(auth: object, more: object = {}): object {
    const limits = { messagesPerMinute: null, maxConnections: 5 };
    return {
      from: `Plant <${MAILBOX}>`,
      host: 'localhost',
      port: this.smtp.port,
      tls: 'starttls',
      auth,
      ...limits,
      ...more,
    };
  }

  /** An application at the authority, its addresses with it. */
  application(more: object = {}): Record<string, unknown> {
    const { confidential } = CLIENTS;
    return {
      ...{ clientId: confidential.id, clientSecret: confidential.secret, directoryId: DIRECTORY_ID },
      ...this.authority.endpoints,
      ...more,
    };
  }

  /** A tenant whose root chain mails each telemetry. */
  provision(mailServer: object): void {
    const named = { name: 'DEFAULT', default: true, ...mailServer };
    this.product.provision({ tenants: [tenant({ mailServer: named, chain: mailEachMessage(this.product.home) })] });
  }

  admin(): Promise<Visitor> {
    return this.product.signIn(ADMIN.email, ADMIN.password);
  }

  /** Telemetry of a device: one mail each. */
  async say(...ids: string[]): Promise<void> {
    await Promise.all(ids.map((id) => this.product.telemetry(TOKEN, { id })));
  }

  /** As if the life of the access token were over. */
  async expireAccessToken(): Promise<void> {
    await ask(this.product.databaseUrl, `UPDATE oauth_grant SET access_expires_at = now() - interval '1 second'`);
  }

  /** The person goes to the provider, consents, and comes back. */
  async consent(admin: Visitor, serverId: string): Promise<Response> {
    const { url } = await admin.post<{ url: string }>(`/api/mail/servers/${serverId}/oauth/authorize`, {});
    const back = await this.authority.consent(url);
    return admin.send('GET', back.pathname + back.search);
  }

  async dispose(): Promise<void> {
    await this.product.dispose();
    await this.smtp.stop();
    await this.authority.close();
  }
}
