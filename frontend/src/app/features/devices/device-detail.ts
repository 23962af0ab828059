import { Component, computed, inject, input, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { Router } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { getLatestTelemetry } from '../../core/api/functions';
import type { Device } from '../../core/api/models';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { Panel } from '../../ui/split/panel';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Ago } from '../../ui/time/ago';
import { ExactPipe } from '../../ui/time/exact.pipe';
import { DeviceAttributes } from './device-attributes';
import { DeviceStore } from './device-store';

/** One device with what it last said. */
@Component({
  selector: 'sp-device-detail',
  imports: [
    Ago,
    DeviceAttributes,
    ExactPipe,
    ManagedTag,
    MatButton,
    MatIcon,
    Panel,
    ProblemState,
    Skeleton,
    TranslocoPipe,
  ],
  templateUrl: './device-detail.html',
  styleUrl: './device-detail.scss',
})
export class DeviceDetail {
  /** From the address. */
  readonly id = input.required<string>();

  private readonly api = inject(Api);
  private readonly router = inject(Router);
  protected readonly store = inject(DeviceStore);
  private readonly params = (): { id: string } => ({ id: this.id() });
  protected readonly device = resource({
    params: this.params,
    loader: ({ params }) => this.store.read(params.id),
  });
  protected readonly latest = resource({
    params: this.params,
    loader: ({ params }) => this.api.invoke(getLatestTelemetry, params),
  });
  protected readonly problem = computed(() => {
    const error = this.device.error();
    return error ? asProblem(error) : null;
  });

  constructor() {
    for (const shown of [this.device, this.latest]) live('devices', shown, this.id);
  }

  protected written(value: unknown): string {
    return typeof value === 'string' ? value : JSON.stringify(value);
  }

  protected async delete(device: Device): Promise<void> {
    if (await this.store.delete(device)) await this.router.navigate(['/devices']);
  }
}
