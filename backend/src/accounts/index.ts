export { AccountMails } from './account-mails.js';
export { AccountLinks } from './links/account-links.js';
export { AccountsModule } from './accounts.module.js';
export { FirstAdministrator } from './first-administrator.js';
export { Passwords } from './passwords.js';
export { Sessions } from './sessions.js';
export { DemoAccounts } from './session-view.js';
