export type { Membership } from './membership.js';
export { completeDefaults, NoticeRecipients, type NoticeRecipient } from './notice-recipients.js';
export { reachOf, type Reach } from './reach.js';
export { SignInStates, type Credentials } from './sign-in-states.js';
export { languageOf, type UserRecord } from './user-rows.js';
export { refuseManaged, Users } from './users.js';
export { UsersModule } from './users.module.js';
