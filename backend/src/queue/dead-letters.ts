import { type Continuation, deriveId, type NodeFailure, type RuleMessage } from '@signalpost/rule-nodes/runtime';

import type { Queryable, UnitOfWork } from '../db/index.js';
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
  originator_type: string;
  originator_id: string;
  message_type: string;
  entry: { message: RuleMessage; starts: Continuation[] | null };
  failure: NodeFailure;
}

/** The writer of `dead_letter`. */
export class DeadLetters {
  constructor(private readonly queue: Queue) {}

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
  }

  /** Newest first; `before` is the last row of the page before. */
  page(db: Queryable, tenantId: string, limit: number, before: { createdAt: Date; id: string } | null): Promise<DeadLetterRow[]> {
    return db.query<DeadLetterRow>(
      `SELECT id, created_at, originator_type, originator_id, message_type, entry, failure FROM dead_letter
       WHERE tenant_id = $1 AND ($2::timestamptz IS NULL OR (date_trunc('milliseconds', created_at), id) < ($2, $3::uuid))
       ORDER BY date_trunc('milliseconds', created_at) DESC, id DESC LIMIT $4`,
      [tenantId, before?.createdAt ?? null, before?.id ?? null, limit],
    );
  }

  /** Puts the message back into the queue where it failed. @returns false when there is no such letter. */
  async replay(uow: UnitOfWork, tenantId: string, id: string): Promise<boolean> {
    const [row] = await uow.query<Pick<DeadLetterRow, 'entry'>>(
      'DELETE FROM dead_letter WHERE tenant_id = $1 AND id = $2 RETURNING entry',
      [tenantId, id],
    );
    if (row === undefined) return false;
    const { message, starts } = row.entry;
    await this.queue.enqueue(uow, [{ tenantId, message, ...(starts === null ? {} : { starts }) }]);
    return true;
  }

  async remove(uow: UnitOfWork, tenantId: string, id: string): Promise<boolean> {
    const rows = await uow.query('DELETE FROM dead_letter WHERE tenant_id = $1 AND id = $2 RETURNING id', [tenantId, id]);
    return rows.length > 0;
  }
}

function deadLetterId({ message, starts }: DeadLetter): string {
  return deriveId(message.id, starts?.[0]?.nodeId ?? 'root', 'dead', 0);
}
