import { Module } from '@nestjs/common';

import { DevicesModule } from '../devices/index.js';
import { SystemMailModule } from '../mail/index.js';
import { UsersModule } from '../users/index.js';
import { AccountMails } from './account-mails.js';
import { AccountsController } from './accounts.controller.js';
import { Admission } from './admission.js';
import { ApiTokensController } from './api-tokens.controller.js';
import { ApiTokens } from './api-tokens.js';
import { AttemptCounts } from './attempt-counts.js';
import { FirstAdministrator } from './first-administrator.js';
import { AccountLinks } from './links/account-links.js';
import { LinkActs } from './links/link-acts.js';
import { LinkViews } from './links/link-views.js';
import { LinksController } from './links/links.controller.js';
import { Lockout } from './lockout.js';
import { IdentityProviders, OIDC } from './oidc/index.js';
import { AccountController } from './own/account.controller.js';
import { NoticesController } from './own/notices.controller.js';
import { Notices } from './own/notices.js';
import { OwnAccount } from './own/own-account.js';
import { Passwords } from './passwords.js';
import { BulkInvitationsController } from './people/bulk-invitations.controller.js';
import { BulkInvitations } from './people/bulk-invitations.js';
import { InvitationViews } from './people/invitation-views.js';
import { People } from './people/people.js';
import { UsersController } from './people/users.controller.js';
import { LinkRequestWorker } from './requests/link-request-worker.js';
import { LinkRequests } from './requests/link-requests.js';
import { SessionCookie } from './session-cookie.js';
import { DemoAccounts, SessionView } from './session-view.js';
import { Sessions } from './sessions.js';
import { SignInLimits } from './sign-in-limits.js';
import { SignIns } from './sign-ins.js';
import { SignOuts } from './sign-outs.js';
import { UserTrail } from './user-trail.js';
import { SignInPolicies, TWO_FACTOR } from './two-factor/index.js';

const SIGN_IN = [
  Admission,
  AttemptCounts,
  Lockout,
  Passwords,
  SessionCookie,
  Sessions,
  SignInLimits,
  SignIns,
  SignOuts,
  UserTrail,
];
const LINKS = [AccountLinks, AccountMails, LinkActs, LinkRequests, LinkRequestWorker, LinkViews];
const PEOPLE = [ApiTokens, BulkInvitations, InvitationViews, Notices, OwnAccount, People];
const VIEWS = [DemoAccounts, FirstAdministrator, SessionView];
/** What the provisioning file fills, too. */
const SETTINGS = [IdentityProviders, Notices, SignInPolicies];

@Module({
  imports: [DevicesModule, SystemMailModule, UsersModule],
  controllers: [
    AccountController,
    AccountsController,
    ApiTokensController,
    BulkInvitationsController,
    LinksController,
    NoticesController,
    UsersController,
    ...OIDC.controllers,
    ...TWO_FACTOR.controllers,
  ],
  providers: [...SIGN_IN, ...LINKS, ...PEOPLE, ...VIEWS, ...OIDC.providers, ...TWO_FACTOR.providers],
  exports: [AccountLinks, AccountMails, DemoAccounts, FirstAdministrator, Passwords, People, Sessions, ...SETTINGS],
})
export class AccountsModule {}
