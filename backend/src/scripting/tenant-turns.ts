import type { TurnSource } from './turn-source.js';

/** What waits for one worker: tenants in turn, each tenant's own work in the order in which it came. */
export class TenantTurns {
  /** In the order of the next turns. */
  readonly #waiting = new Map<string, TurnSource[]>();

  add(source: TurnSource): void {
    const own = this.#waiting.get(source.tenantId);
    if (own === undefined) this.#waiting.set(source.tenantId, [source]);
    else own.push(source);
  }

  /** Puts back what had its turn and is not done: first of its tenant, whose next turn is after everybody else's. */
  putBack(source: TurnSource): void {
    const own = this.#waiting.get(source.tenantId) ?? [];
    this.#waiting.delete(source.tenantId);
    this.#waiting.set(source.tenantId, [source, ...own]);
  }

  next(): TurnSource | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const [tenantId, [source, ...rest]] = first;
    this.#waiting.delete(tenantId);
    if (rest.length > 0) this.#waiting.set(tenantId, rest);
    return source;
  }

  calls(tenantId: string): number {
    return (this.#waiting.get(tenantId) ?? []).reduce((sum, source) => sum + source.size, 0);
  }

  takeAll(): readonly TurnSource[] {
    const all = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    return all;
  }
}
