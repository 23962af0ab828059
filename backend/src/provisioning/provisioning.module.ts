import { Module } from '@nestjs/common';

import { AccountsModule } from '../accounts/index.js';
import { DevicesModule } from '../devices/index.js';
import { MailModule } from '../mail/index.js';
import { RuleChainsModule } from '../rule-chains/index.js';
import { TenantsModule } from '../tenants/index.js';
import { UsersModule } from '../users/index.js';
import { Provisioning } from './provisioning.js';

@Module({
  imports: [AccountsModule, DevicesModule, MailModule, RuleChainsModule, TenantsModule, UsersModule],
  providers: [Provisioning],
  exports: [Provisioning],
})
export class ProvisioningModule {}
