import { Module } from '@nestjs/common';

import { type Clock, CLOCK, Database, Peers } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { EgressGuard } from '../../net/index.js';
import { SecretBox } from '../../secrets/index.js';
import { OAuthApplications } from '../oauth/applications.js';
import { OAuthModule } from '../oauth/oauth.module.js';
import { ServerSignIn } from '../oauth/server-sign-in.js';
import { OutboxSignal } from '../outbox-signal.js';
import { Connectors } from './connectors.js';
import { ConnectorsController } from './connectors.controller.js';
import { MailServerEditing } from './mail-server-editing.js';
import { MailServers } from './mail-servers.js';
import { MailServersController } from './mail-servers.controller.js';
import { NamedSecrets } from './named-secrets.js';
import { NamedSecretsController } from './named-secrets.controller.js';
import { ServerRemoval } from './server-removal.js';
import { SERVER_USAGE, type ServerUsage } from './server-usage.js';
import { StoredSettings } from './stored-settings.js';

/** The settings of mail servers, and what they refer to. Needs `SERVER_USAGE`, which `app.module` binds. */
@Module({
  imports: [OAuthModule],
  controllers: [MailServersController, NamedSecretsController, ConnectorsController],
  providers: [
    { provide: OutboxSignal, useFactory: (peers: Peers) => new OutboxSignal(peers), inject: [Peers] },
    { provide: StoredSettings, useFactory: (secrets: SecretBox) => new StoredSettings(secrets), inject: [SecretBox] },
    { provide: NamedSecrets, useFactory: (secrets: SecretBox) => new NamedSecrets(secrets), inject: [SecretBox] },
    { provide: Connectors, useFactory: (secrets: SecretBox) => new Connectors(secrets), inject: [SecretBox] },
    {
      provide: MailServers,
      useFactory: (
        ...[stored, egress, signal, signIn, applications, secrets, connectors, clock, bus]: [
          StoredSettings,
          EgressGuard,
          OutboxSignal,
          ServerSignIn,
          OAuthApplications,
          NamedSecrets,
          Connectors,
          Clock,
          EventBus,
        ]
      ) =>
        new MailServers({
          ...{ stored, egress, signal, signIn, applications, secrets, connectors, clock, variables: process.env },
          changed: (tenantId, kind, id) => bus.publish(tenantId, 'mail-servers', kind, id),
        }),
      inject: [
        StoredSettings,
        EgressGuard,
        OutboxSignal,
        ServerSignIn,
        OAuthApplications,
        NamedSecrets,
        Connectors,
        CLOCK,
        EventBus,
      ],
    },
    {
      provide: MailServerEditing,
      useFactory: (db: Database, servers: MailServers) => new MailServerEditing(db, servers),
      inject: [Database, MailServers],
    },
    {
      provide: ServerRemoval,
      useFactory: (servers: MailServers, usage: ServerUsage) => new ServerRemoval(servers, usage),
      inject: [MailServers, SERVER_USAGE],
    },
  ],
  exports: [OAuthModule, OutboxSignal, StoredSettings, NamedSecrets, Connectors, MailServers, MailServerEditing],
})
export class MailServersModule {}
