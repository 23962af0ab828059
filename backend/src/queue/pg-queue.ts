import type { UnitOfWork } from '../db/index.js';
import { ENTRY_COLUMNS, toColumns } from './entry-rows.js';
import { endParked } from './parked-messages.js';
import { partitionSql, SLOW_PARTITION } from './partitions.js';
import type { Queue, QueueEntry } from './queue-types.js';
import type { WakeUp } from './wake-up.js';

const names = ENTRY_COLUMNS.map(([name]) => name).join(', ');
const arrays = ENTRY_COLUMNS.map(([, type], index) => `$${index + 1}::${type === 'json' ? 'text' : type}[]`).join(', ');
const values = ENTRY_COLUMNS.map(([name, type]) => (type === 'json' ? `${name}::json` : name)).join(', ');

const insertInto = (name: string, partition: string) => ({
  name,
  text: `
    WITH added AS (
      INSERT INTO queue_message (partition, ${names})
      SELECT ${partition}, ${values}
      FROM unnest(${arrays}) WITH ORDINALITY AS new (${names}, n)
      ORDER BY n
      RETURNING partition)
    SELECT DISTINCT partition FROM added`,
});
const INSERT = insertInto('queue-enqueue', partitionSql('originator_id'));
/** For the settlement of a batch alone: continuations whose scripts take long. */
export const enqueueSlow = insertInto('queue-enqueue-slow', String(SLOW_PARTITION));

interface AddedRow {
  readonly partition: number;
}

/** The queue in PostgreSQL: an entry is a row of the transaction that produced it. */
export class PgQueue implements Queue {
  constructor(private readonly wakeUp: WakeUp) {}

  async enqueue(uow: UnitOfWork, entries: readonly QueueEntry[]): Promise<void> {
    const left = await endParked(uow, entries);
    if (left.length === 0) return;
    this.#wake(uow, await uow.query<AddedRow>(INSERT, toColumns(left)));
  }

  /** As `enqueue`, and nothing more is asked of the transaction. Not for answers to parked messages. */
  async enqueueLast(uow: UnitOfWork, entries: readonly QueueEntry[]): Promise<void> {
    if (entries.length > 0) this.#wake(uow, await uow.last<AddedRow>(INSERT, toColumns(entries)));
  }

  #wake(uow: UnitOfWork, rows: readonly AddedRow[]): void {
    uow.afterCommit(() => this.wakeUp.wake(rows.map((row) => row.partition)));
  }
}
