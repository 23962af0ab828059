import type { Queryable } from '../../db/index.js';

/**
 * How many mails of each tenant are not settled: what the limit of waiting mails is held against. Counting on every
 * enqueue would cost more than the mail, so this is the last count plus what was enqueued here since.
 */
export class Backlog {
  #counts: ReadonlyMap<string, number> | undefined;
  #added = new Map<string, number>();

  /** How many more of this tenant fit. */
  async room(db: Queryable, tenantId: string, limit: number): Promise<number> {
    if (this.#counts === undefined) await this.count(db);
    return limit - (this.#counts?.get(tenantId) ?? 0) - (this.#added.get(tenantId) ?? 0);
  }

  add(tenantId: string, mails: number): void {
    this.#added.set(tenantId, (this.#added.get(tenantId) ?? 0) + mails);
  }

  /** @returns all that are not settled */
  async count(db: Queryable): Promise<number> {
    const added = this.#added;
    this.#added = new Map();
    try {
      const rows = await db.query<{ tenant_id: string; mails: number }>(
        `SELECT tenant_id, count(*)::int AS mails FROM delivery WHERE settled_at IS NULL GROUP BY tenant_id`,
      );
      this.#counts = new Map(rows.map((row) => [row.tenant_id, row.mails]));
      return rows.reduce((sum, row) => sum + row.mails, 0);
    } catch (error) {
      for (const [tenantId, mails] of added) this.add(tenantId, mails);
      throw error;
    }
  }
}
