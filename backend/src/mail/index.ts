export { MAIL_FAILURES, type MailFailure, type MailFailureCode } from './failures.js';
export { MailSendingModule } from './mail-sending.module.js';
export { MailModule } from './mail.module.js';
export { NoticeRoundsModule } from './notices/notices.module.js';
export { OAuthApplications, type ApplicationToSave } from './oauth/applications.js';
export { OAuthRefreshModule } from './oauth/oauth-refresh.module.js';
export { OAuthModule } from './oauth/oauth.module.js';
export { MailRemovalModule } from './outbox/mail-removal.module.js';
export { MutedAlarmsModule } from './outbox/muted-alarms.module.js';
export { Outbox, type Enqueued, type MailScope } from './outbox/outbox.js';
export { splitDefinition } from './servers/read-definition.js';
export { Connectors } from './servers/connectors.js';
export { MailServers, type MailServerToSave, type SavedMailServer, type SaveResult } from './servers/mail-servers.js';
export { NamedSecrets } from './servers/named-secrets.js';
export { SERVER_USAGE, type SendingNode, type ServerUsage } from './servers/server-usage.js';
export { ServerUsageModule } from './servers/server-usage.module.js';
export {
  SystemMails,
  type NewSystemMail,
  type SystemMailState,
  type SystemMailVariables,
} from './templates/system-mails.js';
export { SystemMailModule } from './templates/templates.module.js';
