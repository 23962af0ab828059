import { Injectable, inject, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import { getTenantForm, listTenants } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { type LimitsForm, limitsForm } from './limits';

/** The tenants on the page. */
@Injectable()
export class TenantStore {
  private readonly api = inject(Api);

  readonly search = signal('');
  readonly list = pagedList(this.search, (search, cursor) =>
    this.api.invoke(listTenants, { ...(search ? { search } : {}), ...cursor }),
  );

  /** What the server says of limits. */
  async limits(): Promise<LimitsForm> {
    return limitsForm((await this.api.invoke(getTenantForm)).limits);
  }

  constructor() {
    live('tenants', this.list.quietly);
  }
}
