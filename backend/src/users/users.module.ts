import { Module } from '@nestjs/common';

import { NoticeRecipients } from './notice-recipients.js';
import { SignInStates } from './sign-in-states.js';
import { Users } from './users.js';

const PARTS = [NoticeRecipients, SignInStates, Users];

@Module({ providers: PARTS, exports: PARTS })
export class UsersModule {}
