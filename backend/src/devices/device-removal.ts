import type { UnitOfWork } from '../db/index.js';

/** Deletes what a room keeps about something, in the transaction that deletes it. */
export type Forgetter = (uow: UnitOfWork, tenantId: string, id: string) => Promise<void>;

class Removal {
  readonly #forgetters: Forgetter[] = [];

  add(forget: Forgetter): void {
    this.#forgetters.push(forget);
  }

  async forget(uow: UnitOfWork, tenantId: string, id: string): Promise<void> {
    for (const forget of this.#forgetters) await forget(uow, tenantId, id);
  }
}

/** The rooms above (time series, alarms, …) say here what to do when a device is deleted. */
export class DeviceRemoval extends Removal {}

/** The rooms above say here what to do when a customer is deleted. */
export class CustomerRemoval extends Removal {}
