import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { cancelAddressChange } from '../../core/api/functions';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { AccountStore } from './account-store';
import { AddressDialog } from './address-dialog';
import { PasswordDialog } from './password-dialog';
import { SignedInDevices } from './signed-in-devices';
import { TwoFactorCard } from './two-factor-card';

/** What keeps the account one's own: address, password, and where one is signed in. */
@Component({
  selector: 'sp-security-tab',
  imports: [Ago, ManagedTag, MatButton, SignedInDevices, TranslocoPipe, TwoFactorCard],
  templateUrl: './security-tab.html',
  styleUrl: './tab.scss',
})
export class SecurityTab {
  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly store = inject(AccountStore);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly account = computed(() => this.store.account.value());

  protected async changePassword(): Promise<void> {
    const open = this.dialog.open(PasswordDialog, { data: this.account()?.email ?? '', width: '440px' });
    if (!(await firstValueFrom(open.afterClosed()))) return;
    this.toasts.done(this.transloco.translate('account.password.done'));
    this.store.account.reload();
  }

  protected async changeAddress(): Promise<void> {
    await firstValueFrom(this.dialog.open(AddressDialog, { width: '440px' }).afterClosed());
    this.store.account.reload();
  }

  protected async keepAddress(): Promise<void> {
    const deed = () => this.api.invoke(cancelAddressChange);
    if (await this.toasts.attempt(deed, this.transloco.translate('account.address.kept'))) this.store.account.reload();
  }
}
