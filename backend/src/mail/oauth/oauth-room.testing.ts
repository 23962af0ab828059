import { randomBytes, randomUUID } from 'node:crypto';

import {
  callbackQuerySchema,
  type MailProviderId,
  type OAuthApplicationSettings,
  type OAuthFlow,
} from '@signalpost/contracts';

import { AUTHORITY_CA, CLIENTS, DIRECTORY_ID, type FakeAuthority } from '../../../../test/fakes/oauth/authority.js';
import { hashToken, SYSTEM_ACTOR, type Actor } from '../../access/index.js';
import type { Clock, Database } from '../../db/index.js';
import { EgressGuard, GuardedFetch, type GuardedFetchDefaults } from '../../net/index.js';
import { SecretBox } from '../../secrets/index.js';
import { mailProvider } from '../providers/catalogue.js';
import { OAuthApplications } from './applications.js';
import { Authorizations } from './authorizations.js';
import { Authorize } from './authorize.js';
import { oauthClients } from './clients/index.js';
import type { MakeClient } from './clients/oauth-client.js';
import { Consents } from './consents.js';
import { DeviceSignIns } from './device-sign-ins.js';
import { GrantTokens, type GrantRef, type GrantRow } from './grant-row.js';
import { Grants } from './grants.js';
import { callbackUrl } from './redirects.js';
import { Refresher, type ExpiringGrant } from './refresher.js';
import { Revocation } from './revocation.js';
import { TokenService } from './token-service.js';

/** A clock that a spec turns. */
export class TestClock implements Clock {
  constructor(private at = Date.now()) {}
  now = (): number => this.at;
  forward(milliseconds: number): void {
    this.at += milliseconds;
  }
}

export const DAY = 86_400_000;
export const PUBLIC_URL = 'http://localhost:8080';
export const CALLBACK = callbackUrl(PUBLIC_URL);
const KEY = { kid: 'k', key: randomBytes(32) };

/** Who starts consents. */
export const PERSON: Actor = { actor: { kind: 'user', userId: randomUUID(), email: 'admin@example.org' } };

/** The OAuth room of one process on a real database, speaking with a real authority over TLS. */
export class OAuthRoom {
  readonly http: GuardedFetch;
  readonly secrets = new SecretBox([KEY]);
  readonly changes: string[] = [];
  readonly ended: GrantRow[] = [];
  readonly client: MakeClient;
  readonly grants: Grants;
  readonly applications: OAuthApplications;
  readonly tokens: TokenService;
  readonly authorize: Authorize;
  readonly devices: DeviceSignIns;
  readonly refresher: Refresher;
  readonly expiring: ExpiringGrant[] = [];
  readonly lost: string[] = [];

  constructor(
    readonly db: Database,
    owner: { readonly id: number },
    readonly clock: TestClock = new TestClock(),
    options: GuardedFetchDefaults = {},
  ) {
    this.http = new GuardedFetch(new EgressGuard(['localhost', '127.0.0.0/8']), { ca: [AUTHORITY_CA], ...options });
    this.client = oauthClients(this.http);
    this.grants = new Grants(db, new GrantTokens(this.secrets), {
      changed: ({ serverId }) => void this.changes.push(serverId),
      ended: (row) => void this.ended.push(row),
    });
    this.applications = new OAuthApplications(this.secrets, (id) => mailProvider(id).oauth, this.grants);
    const { grants, applications, client } = this;
    this.tokens = new TokenService({ db, grants, applications, client, owner, clock });
    const revocation = new Revocation(this.http, () => undefined);
    const consents = new Consents({ db, grants, applications, http: this.http, revocation, clock });
    const authorizations = new Authorizations(this.secrets);
    const parts = { db, grants, applications, authorizations, consents, client, clock, publicUrl: PUBLIC_URL };
    this.authorize = new Authorize(parts);
    this.devices = new DeviceSignIns(parts);
    const notice = {
      expiring: (grant: ExpiringGrant) => Promise.resolve(void this.expiring.push(grant)),
      ended: ({ serverId }: GrantRef) => Promise.resolve(void this.lost.push(serverId)),
    };
    this.refresher = new Refresher({ db, grants, tokens: this.tokens, notice, clock });
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
    const withSecret = options.settings?.certificate === undefined ? client : {};
    const settings = {
      ...withSecret,
      directoryId: DIRECTORY_ID,
      ...(options.byIssuer === true ? { issuer: authority.issuer } : authority.endpoints),
      ...options.settings,
    };
    const applicationId = await this.db.transaction(async (uow) => {
      const input = {
        name: `App ${serverId}`,
        provider,
        settings,
        shared: false,
        secretExpiresAt: options.secretExpiresAt ?? null,
        managed: false,
      };
      const { id } = await this.applications.save(uow, tenantId, input, SYSTEM_ACTOR);
      const application = { tenantId, id };
      await this.grants.attach(
        uow,
        { tenantId, serverId },
        { application, flow, mailbox: 'box@example.org', sharedMailbox: null, scopes },
        SYSTEM_ACTOR,
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

  /** Starts a consent in the browser of the session `who`. */
  async start(ref: GrantRef, who = 'session', redirect: 'callback' | 'localhost' = 'callback'): Promise<string> {
    const started = await this.authorize.start(ref, { redirect }, hashToken(who), PERSON);
    if (!started.ok) throw new Error(started.failure.message);
    return started.value.url;
  }

  /** The browser comes back. */
  finish(callback: URL, who = 'session'): ReturnType<Authorize['finish']> {
    const query = callbackQuerySchema.parse(Object.fromEntries(callback.searchParams));
    return this.authorize.finish(query, callback, [hashToken(who)], '192.0.2.1');
  }

  /** A person signs in, from the start to the end. */
  async signIn(authority: FakeAuthority, ref: GrantRef): Promise<void> {
    const done = await this.finish(await authority.consent(await this.start(ref)));
    if (!done.ok) throw new Error(done.failure.message);
  }
}

export interface ServerOptions {
  readonly flow?: OAuthFlow;
  readonly provider?: MailProviderId;
  readonly scopes?: readonly string[];
  readonly settings?: Partial<OAuthApplicationSettings>;
  readonly secretExpiresAt?: number;
  /** Names the issuer alone; it tells the rest itself. */
  readonly byIssuer?: boolean;
  readonly tenantId?: string;
}

export const GOOGLE: ServerOptions = { provider: 'google', scopes: ['https://mail.google.com/', 'openid', 'email'] };
