import type { PortName, Ports } from '../node/ports.js';

/** Calls that change nothing: a node that threw after them can be run again. */
const READS: Readonly<Record<PortName, readonly string[]>> = {
  scripts: ['run'],
  alarms: ['findActive', 'findById'],
  attributes: ['read'],
  timeseries: ['latest'],
  mail: [],
  log: [],
};

/** Tells what a node threw from what a port threw, and whether anything was written before. */
export class PortWatch {
  hostFailed = false;
  wrote = false;

  begin(): void {
    this.hostFailed = false;
    this.wrote = false;
  }

  over(ports: Pick<Ports, PortName>, names: readonly PortName[]): Pick<Ports, PortName> {
    const watched: Partial<Ports> = {};
    for (const name of names) Object.assign(watched, { [name]: this.#watched(name, ports[name]) });
    return watched as Ports; // holds the declared ports alone; implementBatch hands on no others
  }

  #watched<T extends object>(name: PortName, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        const reads = READS[name].includes(String(key));
        return (...args: unknown[]) => this.#call(reads, () => Reflect.apply(member, target, args));
      },
    });
  }

  async #call(reads: boolean, call: () => unknown): Promise<unknown> {
    if (!reads) this.wrote = true;
    try {
      return await call();
    } catch (error) {
      this.hostFailed = true;
      throw error;
    }
  }
}
