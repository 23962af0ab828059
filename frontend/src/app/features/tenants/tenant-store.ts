import { Injectable, inject, signal } from '@angular/core';
import { Api } from '../../core/api/api';
import { listTenants } from '../../core/api/functions';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';

/** The tenants on the page. */
@Injectable()
export class TenantStore {
  private readonly api = inject(Api);

  readonly search = signal('');
  readonly list = pagedList(this.search, (search, cursor) =>
    this.api.invoke(listTenants, { ...(search ? { search } : {}), ...cursor }),
  );

  constructor() {
    live('tenants', this.list.quietly);
  }
}
