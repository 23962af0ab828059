import { Injectable, computed, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { deleteDevice, getDevice, listDevices, renewDeviceAccessToken } from '../../core/api/functions';
import type { Device } from '../../core/api/models';
import { live } from '../../core/events/live';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { Toasts } from '../../ui/toast/toasts';
import { AccessTokenDialog } from './access-token-dialog';

/** The devices on the page and what an administrator can do with them. */
@Injectable()
export class DeviceStore {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly dialog = inject(MatDialog);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  readonly search = signal('');
  readonly list = pagedList(this.search, (search, cursor) =>
    this.api.invoke(listDevices, { ...(search ? { search } : {}), ...cursor }),
  );
  readonly mayChange = computed(() => this.session.is('tenant-administrator'));

  constructor() {
    live('devices', this.list.quietly);
  }

  read(id: string): Promise<Device> {
    return this.api.invoke(getDevice, { id });
  }

  /** Shows the new token once; the old one stops working. */
  async renewToken(device: Device): Promise<void> {
    if (!(await this.asked('devices.renew', device))) return;
    try {
      const { accessToken } = await this.api.invoke(renewDeviceAccessToken, { id: device.id });
      this.showToken(device.name, accessToken);
    } catch (error) {
      this.toasts.failed(error);
    }
  }

  /** @returns whether it is gone. */
  async delete(device: Device): Promise<boolean> {
    if (!(await this.asked('devices.delete', device))) return false;
    const deed = () => this.api.invoke(deleteDevice, { id: device.id });
    const gone = await this.toasts.attempt(deed, this.transloco.translate('devices.deleted', { name: device.name }));
    if (gone) this.list.remove((shown) => shown.id === device.id);
    return gone;
  }

  showToken(name: string, accessToken: string): void {
    this.dialog.open(AccessTokenDialog, { data: { name, accessToken }, width: '640px', disableClose: true });
  }

  private asked(key: 'devices.renew' | 'devices.delete', device: Device): Promise<boolean> {
    const text = (part: string): string => this.transloco.translate(key + part, { name: device.name });
    return this.confirm.ask({ title: text('.title'), text: text('.text'), action: text('.action') });
  }
}
