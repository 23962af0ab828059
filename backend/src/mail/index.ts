export { MAIL_FAILURES, type MailFailure, type MailFailureCode } from './failures.js';
export { MailModule, MailSendingModule } from './mail.module.js';
export { OAuthApplications, type ApplicationToSave } from './oauth/applications.js';
export { OAuthModule, OAuthRefreshModule } from './oauth/oauth.module.js';
export { Outbox, type Enqueued, type MailScope } from './outbox/outbox.js';
export {
  MailServers,
  splitDefinition,
  type MailServerInput,
  type SavedMailServer,
  type SaveResult,
} from './servers/mail-servers.js';
