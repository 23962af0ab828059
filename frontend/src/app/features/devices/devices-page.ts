import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { Router, RouterLink, RouterOutlet } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import type { CreatedDevice } from '../../core/api/models';
import { injectChosen } from '../../core/routing/chosen';
import { Page } from '../../ui/page/page';
import { SearchField } from '../../ui/search/search-field';
import { Split } from '../../ui/split/split';
import { EmptyList } from '../../ui/state/empty-list';
import { ManagedTag } from '../../ui/status/managed-tag';
import { ListTable } from '../../ui/table/list-table';
import { Ago } from '../../ui/time/ago';
import { DeviceStore } from './device-store';
import { NewDeviceDialog } from './new-device-dialog';

@Component({
  selector: 'sp-devices-page',
  imports: [
    Ago,
    EmptyList,
    ListTable,
    ManagedTag,
    MatButton,
    MatIcon,
    Page,
    RouterLink,
    RouterOutlet,
    SearchField,
    Split,
    TranslocoPipe,
  ],
  templateUrl: './devices-page.html',
})
export class DevicesPage {
  private readonly dialog = inject(MatDialog);
  private readonly router = inject(Router);
  protected readonly store = inject(DeviceStore);
  protected readonly chosen = injectChosen();

  protected async create(): Promise<void> {
    const open = this.dialog.open<NewDeviceDialog, never, CreatedDevice>(NewDeviceDialog, { width: '480px' });
    const device = await firstValueFrom(open.afterClosed());
    if (!device) return;
    void this.store.list.refresh();
    await this.router.navigate(['/devices', device.id]);
    this.store.showToken(device.name, device.accessToken);
  }
}
