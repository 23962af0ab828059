import {
  type Continuation,
  deriveId,
  type EntityRef,
  type NodeFailure,
  type RuleMessage,
} from '@signalpost/rule-nodes/runtime';

import type { UnitOfWork } from '../db/index.js';
import type { Queue } from './queue-types.js';

/** What could not be done and is kept until a person replays or deletes it. */
export interface DeadLetter {
  readonly tenantId: string;
  readonly message: RuleMessage;
  /** Where it would go on; null = at the root chain. */
  readonly starts: readonly Continuation[] | null;
  readonly failure: NodeFailure;
}

/** As `dead_letter` is read. */
export interface DeadLetterRow {
  id: string;
  created_at: Date;
  originator_type: EntityRef['entityType'];
  originator_id: string;
  /** Of a device; nothing else has a name here. */
  originator_name: string | null;
  message_type: string;
  entry: { message: RuleMessage; starts: Continuation[] | null };
  failure: NodeFailure;
}

/** A tenant's dead letters, newest first, for a list with keyset paging. */
export const DEAD_LETTER_LIST = (tenantId: string) =>
  ({
    sql: `
      SELECT l.*, (SELECT name FROM device d WHERE d.tenant_id = l.tenant_id AND d.id = l.originator_id) AS originator_name
      FROM dead_letter l WHERE l.tenant_id = $1`,
    values: [tenantId],
    keys: { created_at: 'timestamptz', id: 'uuid' },
    order: 'DESC',
  }) as const;

/** Whoever looks at a tenant's dead letters. */
export interface DeadLetterReaders {
  changed(tenantId: string): void;
}

/** The writer of `dead_letter`. */
export class DeadLetters {
  constructor(
    private readonly queue: Queue,
    private readonly readers: DeadLetterReaders,
  ) {}

  /** The same failure of the same message at the same place is filed once. */
  async file(uow: UnitOfWork, letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await uow.query(
      `INSERT INTO dead_letter (tenant_id, id, originator_type, originator_id, message_type, entry, failure)
       SELECT tenant_id, id, originator_type, originator_id, message_type, entry::json, failure::jsonb
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
         AS new (tenant_id, id, originator_type, originator_id, message_type, entry, failure)
       ON CONFLICT DO NOTHING`,
      [
        letters.map((letter) => letter.tenantId),
        letters.map(deadLetterId),
        letters.map((letter) => letter.message.originator.entityType),
        letters.map((letter) => letter.message.originator.id),
        letters.map((letter) => letter.message.type),
        letters.map(({ message, starts }) => JSON.stringify({ message, starts })),
        letters.map((letter) => JSON.stringify(letter.failure)),
      ],
    );
    const tenants = new Set(letters.map((letter) => letter.tenantId));
    uow.afterCommit(() => tenants.forEach((tenantId) => this.readers.changed(tenantId)));
  }

  /** Puts the message back into the queue where it failed. @returns the message's type; undefined when there is no such letter */
  async replay(uow: UnitOfWork, tenantId: string, id: string): Promise<string | undefined> {
    const [row] = await uow.query<Pick<DeadLetterRow, 'entry' | 'message_type'>>(
      'DELETE FROM dead_letter WHERE tenant_id = $1 AND id = $2 RETURNING entry, message_type',
      [tenantId, id],
    );
    if (row === undefined) return undefined;
    uow.afterCommit(() => this.readers.changed(tenantId));
    const { message, starts } = row.entry;
    await this.queue.enqueue(uow, [{ tenantId, message, ...(starts === null ? {} : { starts }) }]);
    return row.message_type;
  }

  /** @returns the message's type; undefined when there is no such letter */
  async remove(uow: UnitOfWork, tenantId: string, id: string): Promise<string | undefined> {
    const [row] = await uow.query<Pick<DeadLetterRow, 'message_type'>>(
      'DELETE FROM dead_letter WHERE tenant_id = $1 AND id = $2 RETURNING message_type',
      [tenantId, id],
    );
    uow.afterCommit(() => this.readers.changed(tenantId));
    return row?.message_type;
  }
}

function deadLetterId({ message, starts }: DeadLetter): string {
  return deriveId(message.id, starts?.[0]?.nodeId ?? 'root', 'dead', 0);
}
