import { Injectable, inject, resource } from '@angular/core';
import { Api } from '../../core/api/api';
import { getAccount } from '../../core/api/functions';

/** One's own account, as the tabs of the page show it. */
@Injectable()
export class AccountStore {
  private readonly api = inject(Api);
  readonly account = resource({ loader: () => this.api.invoke(getAccount) });
}
