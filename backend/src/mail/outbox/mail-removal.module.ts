import { Inject, Module, type OnModuleInit } from '@nestjs/common';

import { TenantRemoval, TenantsModule } from '../../tenants/index.js';
import { forgetLiveDeliveries, forgetMailLog } from './forget-tenant.js';

/** Deletes a tenant's mails with the tenant. */
@Module({ imports: [TenantsModule] })
export class MailRemovalModule implements OnModuleInit {
  constructor(@Inject(TenantRemoval) private readonly removal: TenantRemoval) {}

  onModuleInit(): void {
    this.removal.add(forgetLiveDeliveries);
    this.removal.addLeftovers(forgetMailLog);
  }
}
