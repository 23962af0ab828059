import { Module } from '@nestjs/common';

import { UsersModule } from '../users/index.js';
import { AccountsController } from './accounts.controller.js';
import { ApiTokensController } from './api-tokens.controller.js';
import { ApiTokens } from './api-tokens.js';
import { FirstAdministrator } from './first-administrator.js';
import { Passwords } from './passwords.js';
import { SessionCookie } from './session-cookie.js';
import { DemoAccounts, SessionView } from './session-view.js';
import { Sessions } from './sessions.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignIns } from './sign-ins.js';

@Module({
  imports: [UsersModule],
  controllers: [AccountsController, ApiTokensController],
  providers: [
    ApiTokens,
    DemoAccounts,
    FirstAdministrator,
    Passwords,
    SessionCookie,
    SessionView,
    Sessions,
    SignInLimits,
    SignIns,
  ],
  exports: [DemoAccounts, FirstAdministrator, Passwords, Sessions],
})
export class AccountsModule {}
