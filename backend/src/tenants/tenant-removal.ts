import type { UnitOfWork } from '../db/index.js';

/** Deletes what a room keeps about a tenant without a foreign key, in the transaction that deletes the tenant. */
export type TenantForgetter = (uow: UnitOfWork, tenantId: string) => Promise<void>;

/**
 * Deletes a part of what a tenant left and nobody sees any more.
 * @param most about how many rows of a table
 * @returns how many; 0: nothing was left
 */
export type LeftoverForgetter = (uow: UnitOfWork, tenantId: string, most: number) => Promise<number>;

/** The rooms above (queue, time series, mail, …) say here what to do when a tenant is deleted. */
export class TenantRemoval {
  readonly #forgetters: TenantForgetter[] = [];
  readonly #leftovers: LeftoverForgetter[] = [];

  /** For what would still act or be seen: it is few rows, or goes on. */
  add(forget: TenantForgetter): void {
    this.#forgetters.push(forget);
  }

  /** For what may be millions of rows: it goes in short transactions, once the tenant is gone. */
  addLeftovers(forget: LeftoverForgetter): void {
    this.#leftovers.push(forget);
  }

  async forget(uow: UnitOfWork, tenantId: string): Promise<void> {
    for (const forget of this.#forgetters) await forget(uow, tenantId);
  }

  /** @returns how many rows were deleted; 0: nothing was left */
  async forgetSome(uow: UnitOfWork, tenantId: string, most: number): Promise<number> {
    for (const forget of this.#leftovers) {
      const deleted = await forget(uow, tenantId, most);
      if (deleted > 0) return deleted;
    }
    return 0;
  }
}
