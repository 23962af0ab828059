export { Users, type Credentials, type Membership } from './users.js';
export { UsersModule } from './users.module.js';
