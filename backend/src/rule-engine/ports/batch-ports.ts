import type { NodeScope, Ports, ScriptPort } from '@signalpost/rule-nodes/runtime';

import { AlarmBatch } from '../../alarms/index.js';
import type { Clock, UnitOfWork } from '../../db/index.js';
import type { Log } from '../../http/index.js';
import type { Outbox } from '../../mail/index.js';
import { AttributeBatch, TimeseriesBatch } from '../../timeseries/index.js';

export interface PortDependencies {
  readonly outbox: Pick<Outbox, 'enqueue'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the nodes of one batch may do, bound to its transaction. Writes are held back until `flush`. */
export class BatchPorts {
  readonly attributes: AttributeBatch;
  readonly #timeseries: TimeseriesBatch;
  readonly alarms: AlarmBatch;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly scriptsOf: (tenantId: string) => ScriptPort,
    private readonly dependencies: PortDependencies,
  ) {
    this.attributes = new AttributeBatch(uow);
    this.#timeseries = new TimeseriesBatch(uow, dependencies.clock);
    this.alarms = new AlarmBatch(uow, dependencies.clock);
  }

  bind(scope: NodeScope): Ports {
    const { tenantId } = scope;
    return {
      scripts: this.scriptsOf(tenantId),
      alarms: this.alarms.forTenant(tenantId),
      attributes: this.attributes.forTenant(tenantId),
      timeseries: this.#timeseries.forTenant(tenantId),
      mail: { enqueue: (calls) => this.dependencies.outbox.enqueue(this.uow, scope, calls) },
      log: {
        write: (lines) =>
          this.#log(
            scope,
            lines.map((line) => line.text),
          ),
      },
    };
  }

  /** One order of tables for all batches, so that two of them cannot wait for each other. */
  async flush(): Promise<void> {
    await this.#timeseries.flush();
    await this.attributes.flush();
    await this.alarms.flush();
  }

  #log({ tenantId, chainId, nodeName }: NodeScope, texts: readonly string[]): Promise<void> {
    for (const text of texts) this.dependencies.log.info({ tenantId, chainId, node: nodeName }, text);
    return Promise.resolve();
  }
}
