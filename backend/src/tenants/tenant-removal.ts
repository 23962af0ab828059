import type { UnitOfWork } from '../db/index.js';

/** Deletes what a room keeps about a tenant without a foreign key, in the transaction that deletes the tenant. */
export type TenantForgetter = (uow: UnitOfWork, tenantId: string) => Promise<void>;

/** The rooms above (queue, time series, mail, …) say here what to do when a tenant is deleted. */
export class TenantRemoval {
  readonly #forgetters: TenantForgetter[] = [];

  add(forget: TenantForgetter): void {
    this.#forgetters.push(forget);
  }

  async forget(uow: UnitOfWork, tenantId: string): Promise<void> {
    for (const forget of this.#forgetters) await forget(uow, tenantId);
  }
}
