import { createHash, randomBytes, randomUUID } from 'node:crypto';

import type { MailProviderId, OAuthApplicationSettings, OAuthFlow } from '@signalpost/contracts';

import { AUTHORITY_CA, CLIENTS, DIRECTORY_ID, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import type { Clock, Database } from '../../db/index.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { SecretBox } from '../../secrets/index.js';
import { mailProvider } from '../providers/catalogue.js';
import { OAuthApplications } from './applications.js';
import { oauthClients } from './clients/index.js';
import { GrantTokens, type GrantRef, type GrantRow } from './grant-row.js';
import { Grants } from './grants.js';
import { TokenService, tokensOf } from './token-service.js';

/** A clock that a spec turns. */
export class TestClock implements Clock {
  constructor(private at = Date.now()) {}
  now = (): number => this.at;
  forward(milliseconds: number): void {
    this.at += milliseconds;
  }
}

export const DAY = 86_400_000;
const KEY = { kid: 'k', key: randomBytes(32) };

/** The OAuth room of one process on a real database, speaking with a real authority over TLS. */
export class OAuthRoom {
  readonly http = new GuardedFetch(new EgressGuard(['localhost', '127.0.0.0/8']), { ca: [AUTHORITY_CA] });
  readonly secrets = new SecretBox([KEY]);
  readonly changes: string[] = [];
  readonly ended: GrantRow[] = [];
  readonly client = oauthClients(this.http);
  readonly grants: Grants;
  readonly applications: OAuthApplications;
  readonly tokens: TokenService;

  constructor(
    readonly db: Database,
    owner: { readonly id: number },
    readonly clock: TestClock = new TestClock(),
  ) {
    this.grants = new Grants(db, new GrantTokens(this.secrets), {
      changed: ({ serverId }) => void this.changes.push(serverId),
      ended: (row) => void this.ended.push(row),
    });
    this.applications = new OAuthApplications(this.secrets, (id) => mailProvider(id).oauth, this.grants);
    const { grants, applications, client } = this;
    this.tokens = new TokenService({ db, grants, applications, client, owner, clock });
  }

  /** A tenant with a mail server that signs in at the authority. */
  async server(
    authority: FakeAuthority,
    options: ServerOptions = {},
  ): Promise<GrantRef & { readonly applicationId: string }> {
    const {
      flow = 'authorizationCode',
      provider = 'microsoft-365',
      scopes = ['https://outlook.office.com/SMTP.Send', 'offline_access', 'openid', 'profile'],
    } = options;
    const [tenantId, serverId] = [options.tenantId ?? randomUUID(), randomUUID()];
    await this.db.query(`INSERT INTO tenant (id, name, kind) VALUES ($1, $2, 'tenant') ON CONFLICT DO NOTHING`, [
      tenantId,
      tenantId,
    ]);
    await this.db.query(
      `INSERT INTO mail_server (tenant_id, id, name, settings, schema_version) VALUES ($1, $2, $3, '{}', 1)`,
      [tenantId, serverId, `Server ${serverId}`],
    );
    const client =
      flow === 'deviceCode'
        ? { clientId: CLIENTS.public.id }
        : { clientId: CLIENTS.confidential.id, clientSecret: CLIENTS.confidential.secret };
    const settings = { ...client, directoryId: DIRECTORY_ID, ...authority.endpoints, ...options.settings };
    const applicationId = await this.db.transaction(async (uow) => {
      const input = {
        name: `App ${serverId}`,
        provider,
        settings,
        shared: false,
        secretExpiresAt: options.secretExpiresAt ?? null,
        managed: false,
      };
      const { id } = await this.applications.save(uow, tenantId, input);
      const application = { tenantId, id };
      await this.grants.attach(
        uow,
        { tenantId, serverId },
        { application, flow, mailbox: 'box@example.org', sharedMailbox: null, scopes },
      );
      return id;
    });
    return { tenantId, serverId, applicationId };
  }

  async row(ref: GrantRef): Promise<GrantRow> {
    const row = await this.grants.find(this.db, ref);
    if (row === undefined) throw new Error('There is no grant');
    return row;
  }

  /** A person signs in; the tokens are saved as they come. */
  async signIn(authority: FakeAuthority, ref: GrantRef): Promise<void> {
    const row = await this.row(ref);
    const application = await this.applications.open(
      this.db,
      ref.tenantId,
      { tenantId: row.application_tenant_id, id: row.application_id },
      row.flow,
    );
    if (!application.ok) throw new Error(application.failure.message);
    const [verifier, state, redirectUri] = [randomBytes(32).toString('base64url'), randomUUID(), 'http://localhost'];
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const common = { redirectUri, state, nonce: randomUUID(), scopes: row.scopes };
    const url = await this.client(application.value).authorizationUrl({ ...common, challenge, loginHint: row.mailbox });
    if (!url.ok) throw new Error(url.failure.message);
    const callback = await authority.consent(url.value);
    const code = callback.searchParams.get('code') ?? '';
    const answer = await this.client(application.value).redeem({ ...common, callback, code, verifier });
    if (!answer.ok) throw new Error(answer.failure.message);
    const now = this.clock.now();
    const tokens = tokensOf(row, application.value, answer.value, now, null);
    await this.grants.consented(ref, row.revision, tokens, row.mailbox, now);
  }
}

export interface ServerOptions {
  readonly flow?: OAuthFlow;
  readonly provider?: MailProviderId;
  readonly scopes?: readonly string[];
  readonly settings?: Partial<OAuthApplicationSettings>;
  readonly secretExpiresAt?: number;
  readonly tenantId?: string;
}

export const GOOGLE: ServerOptions = { provider: 'google', scopes: ['https://mail.google.com/', 'openid', 'email'] };
