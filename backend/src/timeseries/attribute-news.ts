import type { UnitOfWork } from '../db/index.js';

/** Shared attributes of a device that were written or deleted. */
export interface SharedAttributes {
  readonly deviceId: string;
  readonly keys: readonly string[];
}

type Tell = (uow: UnitOfWork, news: readonly SharedAttributes[]) => Promise<void>;

/** The rooms above say here how devices are told, in the transaction that writes. */
export class AttributeNews {
  readonly #tellers: Tell[] = [];

  add(tell: Tell): void {
    this.#tellers.push(tell);
  }

  async tell(uow: UnitOfWork, news: readonly SharedAttributes[]): Promise<void> {
    for (const tell of this.#tellers) await tell(uow, news);
  }
}
