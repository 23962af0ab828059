import { Component, inject, input, resource } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { Api } from '../../core/api/api';
import { deleteDeviceAttribute, getDeviceAttributes } from '../../core/api/functions';
import type { AttributeValue, WritableAttributeScope } from '../../core/api/models';
import { live } from '../../core/events/live';
import { Confirm } from '../../ui/dialog/confirm';
import { Skeleton } from '../../ui/state/skeleton';
import { Tag } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';
import { Toasts } from '../../ui/toast/toasts';
import { AttributeDialog, type AttributeToSet } from './attribute-dialog';
import { DeviceStore } from './device-store';

type Writable = AttributeValue & { readonly scope: WritableAttributeScope };

/** What is known of a device besides telemetry; administrators set what is not the device's own. */
@Component({
  selector: 'sp-device-attributes',
  imports: [Ago, MatButton, MatIcon, MatIconButton, Skeleton, Tag, TranslocoPipe],
  templateUrl: './device-attributes.html',
  styleUrl: './device-attributes.scss',
})
export class DeviceAttributes {
  readonly deviceId = input.required<string>();

  private readonly api = inject(Api);
  private readonly dialog = inject(MatDialog);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  protected readonly store = inject(DeviceStore);
  protected readonly attributes = resource({
    params: () => ({ id: this.deviceId() }),
    loader: ({ params }) => this.api.invoke(getDeviceAttributes, params),
  });

  constructor() {
    live('devices', this.attributes, this.deviceId);
  }

  protected written(value: unknown): string {
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  protected writable(attribute: AttributeValue): Writable | null {
    const { scope } = attribute;
    return this.store.mayChange() && scope !== 'CLIENT_SCOPE' ? { ...attribute, scope } : null;
  }

  protected async set(attribute: Writable | null): Promise<void> {
    const data: AttributeToSet = { deviceId: this.deviceId(), attribute };
    const dialog = this.dialog.open<AttributeDialog, AttributeToSet, boolean>(AttributeDialog, {
      data,
      width: '480px',
    });
    if (await firstValueFrom(dialog.afterClosed())) this.attributes.reload();
  }

  protected async delete({ key, scope }: Writable): Promise<void> {
    const text = (name: string): string => this.transloco.translate('devices.attribute.' + name, { key });
    const sure = await this.confirm.ask({
      title: text('deleteTitle'),
      text: text('deleteText'),
      action: text('delete'),
    });
    if (!sure) return;
    const deed = () => this.api.invoke(deleteDeviceAttribute, { id: this.deviceId(), scope, key });
    if (await this.toasts.attempt(deed, text('deleted'))) this.attributes.reload();
  }
}
