import { Inject, Module, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';

import { CONFIG, type Config } from '../config/index.js';
import { CLOCK, Database, Instance, type Clock } from '../db/index.js';
import { LOG, type Log } from '../http/index.js';
import { Metrics } from '../http/ops/index.js';
import { EgressGuard, GuardedFetch } from '../net/index.js';
import { QUEUE, type Queue } from '../queue/index.js';
import { SecretBox } from '../secrets/index.js';
import { DiagnoseController } from './diagnose.controller.js';
import { Inbox } from './inbox/inbox.js';
import { OAuthModule } from './oauth/oauth.module.js';
import { TokenService } from './oauth/token-service.js';
import { OutboxSignal } from './outbox-signal.js';
import { Backlog } from './outbox/backlog.js';
import { createSender } from './outbox/create-sender.js';
import { MailLogEvents } from './outbox/mail-log-events.js';
import { PrometheusMailMetrics } from './outbox/mail-metrics.js';
import { MUTED_ALARMS, type MutedAlarms } from './outbox/muted-alarms.js';
import { Sender } from './outbox/sender.js';
import { SandboxPasswords } from './sandbox/sandbox-passwords.js';
import { SandboxServer } from './sandbox/sandbox-server.js';
import { Connectors } from './servers/connectors.js';
import { MailRoutes } from './servers/mail-route.js';
import { StoredSettings } from './servers/stored-settings.js';
import { DOCTOR_PROVIDERS, MailModule } from './mail.module.js';
import { SealedMails } from './templates/sealed-mails.js';
import { SystemMailModule } from './templates/templates.module.js';
import { TestMailsController } from './test-mails.controller.js';
import { grantTokens } from './transport/mailbox-tokens.js';

/** How long mails under way may take to end when the program is to end. */
const SHUTDOWN_GRACE_MS = 10_000;

/** Sends what is in the outbox, and runs the sandbox that part of it goes to. For the server; the command line does without. */
@Module({
  imports: [MailModule, OAuthModule, SystemMailModule],
  controllers: [DiagnoseController, TestMailsController],
  providers: [
    ...DOCTOR_PROVIDERS,
    {
      provide: MailRoutes,
      useFactory: (stored: StoredSettings, sandbox: SandboxServer, connectors: Connectors, tokens: TokenService) =>
        new MailRoutes({ stored, sandbox, connectors, tokens: grantTokens(tokens) }),
      inject: [StoredSettings, SandboxServer, Connectors, TokenService],
    },
    {
      provide: SandboxServer,
      useFactory: (config: Config, secrets: SecretBox, inbox: Inbox, log: Log) =>
        new SandboxServer(config.sandboxSmtpPort, new SandboxPasswords(secrets), inbox, log),
      inject: [CONFIG, SecretBox, Inbox, LOG],
    },
    {
      provide: Sender,
      useFactory: (
        ...[
          db,
          instance,
          queue,
          clock,
          log,
          config,
          egress,
          http,
          metrics,
          signal,
          backlog,
          routes,
          events,
          systemMails,
          mutedAlarms,
        ]: [
          Database,
          Instance,
          Queue,
          Clock,
          Log,
          Config,
          EgressGuard,
          GuardedFetch,
          Metrics,
          OutboxSignal,
          Backlog,
          MailRoutes,
          MailLogEvents,
          SealedMails,
          MutedAlarms,
        ]
      ) =>
        createSender({
          ...{
            db,
            instance,
            queue,
            clock,
            log,
            egress,
            http,
            signal,
            backlog,
            routes,
            events,
            systemMails,
            mutedAlarms,
          },
          publicUrl: config.publicUrl,
          metrics: new PrometheusMailMetrics(metrics.registry),
        }),
      inject: [
        Database,
        Instance,
        QUEUE,
        CLOCK,
        LOG,
        CONFIG,
        EgressGuard,
        GuardedFetch,
        Metrics,
        OutboxSignal,
        Backlog,
        MailRoutes,
        MailLogEvents,
        SealedMails,
        MUTED_ALARMS,
      ],
    },
  ],
})
export class MailSendingModule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    @Inject(Sender) private readonly sender: Sender,
    @Inject(SandboxServer) private readonly sandbox: SandboxServer,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.sandbox.start();
    await this.sender.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.sender.stop(SHUTDOWN_GRACE_MS);
    await this.sandbox.stop();
  }
}
