/** One thing without which this process cannot do its work. Answers what is wrong, or undefined when all is well. */
export type ReadinessCheck = () => Promise<string | undefined> | string | undefined;

/** Gathers the checks of all rooms for `GET /health/ready`. */
export class Readiness {
  readonly #checks = new Map<string, ReadinessCheck>();

  /** @param name a short word, like `database` */
  add(name: string, check: ReadinessCheck): void {
    this.#checks.set(name, check);
  }

  /** For each check `ok` or what is wrong. */
  async check(): Promise<ReadonlyMap<string, string>> {
    const names = [...this.#checks];
    const results = await Promise.all(names.map(async ([name, check]) => [name, await outcomeOf(check)] as const));
    return new Map(results);
  }
}

export const READY = 'ok';

async function outcomeOf(check: ReadinessCheck): Promise<string> {
  try {
    return (await check()) ?? READY;
  } catch {
    return 'does not answer'; // the cause may name hosts; the log of the room that owns the check has it
  }
}
