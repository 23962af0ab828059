import type { InboxMessage, InboxMessageSummary, Page, PageQuery } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import type { Actor } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Database } from '../../db/index.js';
import type { EventBus } from '../../http/events/index.js';
import { readPage } from '../../http/index.js';
import { readMessage, summarise } from './read-message.js';

/** A sandbox is for looking at mails, not for keeping them. */
export const MAX_INBOX_MESSAGES = 1_000;

export interface ReceivedMail {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly raw: Buffer;
}

interface SummaryRow {
  readonly id: string;
  readonly received_at: Date;
  readonly sender: string;
  readonly recipients: string[];
  readonly subject: string;
  readonly preview: string;
}

/** The mails that a tenant's sandbox took, the newest first. */
export class Inbox {
  constructor(
    private readonly db: Database,
    private readonly bus: Pick<EventBus, 'publish'>,
  ) {}

  async add(tenantId: string, mail: ReceivedMail): Promise<void> {
    const id = uuidV7();
    const { subject, preview } = await summarise(mail.raw);
    await this.db.transaction(async (uow) => {
      await uow.query(
        'INSERT INTO inbox_message (tenant_id, id, sender, recipients, subject, preview, raw) VALUES ($1, $2, $3, $4, $5, $6, $7)',
        [tenantId, id, mail.sender, mail.recipients, subject, preview, mail.raw],
      );
      await uow.query(FORGET_OLD, [tenantId, MAX_INBOX_MESSAGES]);
      uow.afterCommit(() => this.bus.publish(tenantId, 'inbox', 'received', id));
    });
  }

  list(tenantId: string, query: PageQuery): Promise<Page<InboxMessageSummary>> {
    const sql = 'SELECT id, received_at, sender, recipients, subject, preview FROM inbox_message WHERE tenant_id = $1';
    const keys = { received_at: 'timestamptz', id: 'uuid' } as const;
    return readPage(this.db, { sql, values: [tenantId], keys, order: 'DESC' }, query, toSummary);
  }

  async read(tenantId: string, id: string): Promise<InboxMessage | null> {
    const [row] = await this.db.query<SummaryRow & { raw: Buffer }>(
      'SELECT * FROM inbox_message WHERE tenant_id = $1 AND id = $2',
      [tenantId, id],
    );
    if (row === undefined) return null;
    const { headers, text, html } = await readMessage(row.raw);
    return { ...toSummary(row), headers, text, html };
  }

  async source(tenantId: string, id: string): Promise<Buffer | null> {
    const [row] = await this.db.query<{ raw: Buffer }>(
      'SELECT raw FROM inbox_message WHERE tenant_id = $1 AND id = $2',
      [tenantId, id],
    );
    return row?.raw ?? null;
  }

  /** @returns false when there is no such message */
  remove(tenantId: string, id: string, actor: Actor): Promise<boolean> {
    return this.db.transaction(async (uow) => {
      const [gone] = await uow.query<{ subject: string }>(
        'DELETE FROM inbox_message WHERE tenant_id = $1 AND id = $2 RETURNING subject',
        [tenantId, id],
      );
      if (gone === undefined) return false;
      const entity = { type: 'inbox', id, name: gone.subject } as const;
      await Audit.record(uow, { ...actor, tenantId, action: 'inbox.message-deleted', entity });
      uow.afterCommit(() => this.bus.publish(tenantId, 'inbox', 'deleted', id));
      return true;
    });
  }

  clear(tenantId: string, actor: Actor): Promise<void> {
    return this.db.transaction(async (uow) => {
      await uow.query('DELETE FROM inbox_message WHERE tenant_id = $1', [tenantId]);
      const entity = { type: 'inbox', id: null, name: '' } as const;
      await Audit.record(uow, { ...actor, tenantId, action: 'inbox.cleared', entity });
      uow.afterCommit(() => this.bus.publish(tenantId, 'inbox', 'deleted', null));
    });
  }
}

const FORGET_OLD = `
  DELETE FROM inbox_message WHERE tenant_id = $1 AND id IN (
    SELECT id FROM inbox_message WHERE tenant_id = $1 ORDER BY received_at DESC, id DESC OFFSET $2)`;

const toSummary = ({ id, received_at, sender, recipients, subject, preview }: SummaryRow): InboxMessageSummary => ({
  id,
  receivedAt: received_at.getTime(),
  sender,
  recipients,
  subject,
  preview,
});
