import type { z } from 'zod';

/**
 * Reads what instances tell each other by NOTIFY. While one after the other is brought to a new version, some say what
 * others do not understand: it is ignored, and told once.
 */
export class Payloads<T> {
  #told = false;

  /** @param tell hears why the first one was not understood */
  constructor(
    private readonly schema: z.ZodType<T>,
    private readonly tell: (error: unknown) => void,
  ) {}

  /** @returns undefined for what is not understood */
  read(payload: string): T | undefined {
    try {
      return this.schema.parse(JSON.parse(payload));
    } catch (error) {
      if (!this.#told) this.tell(error);
      this.#told = true;
      return undefined;
    }
  }
}
