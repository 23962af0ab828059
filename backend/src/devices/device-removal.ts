import type { UnitOfWork } from '../db/index.js';

/** Deletes what a room keeps about a device, in the transaction that deletes the device. */
export type DeviceForgetter = (uow: UnitOfWork, tenantId: string, deviceId: string) => Promise<void>;

/** The rooms above (time series, alarms, …) say here what to do when a device is deleted. */
export class DeviceRemoval {
  readonly #forgetters: DeviceForgetter[] = [];

  add(forget: DeviceForgetter): void {
    this.#forgetters.push(forget);
  }

  async forget(uow: UnitOfWork, tenantId: string, deviceId: string): Promise<void> {
    for (const forget of this.#forgetters) await forget(uow, tenantId, deviceId);
  }
}
