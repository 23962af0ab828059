import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../config/index.js';
import { CLOCK, Database, Instance, type Clock } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { LOG, type Log } from '../../http/index.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { SecretBox } from '../../secrets/index.js';
import { mailProvider } from '../providers/catalogue.js';
import { Connectors } from '../servers/connectors.js';
import { MailRoutes } from '../servers/mail-route.js';
import { tokenWay } from '../servers/server-connector.js';
import { StoredSettings } from '../servers/stored-settings.js';
import { proveMailbox } from '../transport/prove-mailbox.js';
import { OAuthApplications } from './applications.js';
import { Authorize } from './authorize.js';
import { DeviceSignIns } from './device-sign-ins.js';
import { Grants } from './grants.js';
import { OAuthApplicationsController } from './oauth-applications.controller.js';
import { OAuthCallbackController } from './oauth-callback.controller.js';
import { OAuthGrantsController } from './oauth-grants.controller.js';
import { createOAuth, type OAuthParts } from './oauth-parts.js';
import { ServerSignIn } from './server-sign-in.js';
import { TokenService } from './token-service.js';

/** Nobody signs in there with OAuth. */
const NO_SANDBOX = { host: '127.0.0.1', port: 0, passwordOf: () => '' };
const OAUTH_PARTS = Symbol('OAuthParts');

/** Applications, grants, consents and tokens. Asks nobody by itself: see `OAuthRefreshModule`. */
@Module({
  controllers: [OAuthApplicationsController, OAuthGrantsController, OAuthCallbackController],
  providers: [
    {
      provide: OAUTH_PARTS,
      useFactory: (
        ...[db, secrets, http, egress, owner, clock, config, bus, log]: [
          Database,
          SecretBox,
          GuardedFetch,
          EgressGuard,
          Instance,
          Clock,
          Config,
          EventBus,
          Log,
        ]
      ) => {
        const connectors = new Connectors(secrets);
        const routes = new MailRoutes({ stored: new StoredSettings(secrets), connectors, sandbox: NO_SANDBOX });
        return createOAuth({
          ...{ db, secrets, http, owner, clock, publicUrl: config.publicUrl },
          way: tokenWay(connectors, egress),
          prove: proveMailbox(db, routes, { egress, http }),
          templates: (provider) => mailProvider(provider).oauth,
          changed: ({ tenantId, serverId }) => bus.publish(tenantId, 'mail-servers', 'oauth', serverId),
          warn: (told, message) => log.warn(told, message),
        });
      },
      inject: [Database, SecretBox, GuardedFetch, EgressGuard, Instance, CLOCK, CONFIG, EventBus, LOG],
    },
    { provide: Grants, useFactory: ({ grants }: OAuthParts) => grants, inject: [OAUTH_PARTS] },
    { provide: OAuthApplications, useFactory: ({ applications }: OAuthParts) => applications, inject: [OAUTH_PARTS] },
    { provide: TokenService, useFactory: ({ tokens }: OAuthParts) => tokens, inject: [OAUTH_PARTS] },
    { provide: Authorize, useFactory: ({ authorize }: OAuthParts) => authorize, inject: [OAUTH_PARTS] },
    {
      provide: ServerSignIn,
      useFactory: (grants: Grants, applications: OAuthApplications) =>
        new ServerSignIn(grants, applications, (provider) => mailProvider(provider).oauth),
      inject: [Grants, OAuthApplications],
    },
    { provide: DeviceSignIns, useFactory: ({ devices }: OAuthParts) => devices, inject: [OAUTH_PARTS] },
  ],
  exports: [Grants, OAuthApplications, TokenService, Authorize, DeviceSignIns, ServerSignIn],
})
export class OAuthModule {}
