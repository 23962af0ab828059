import type { TestMailView } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';

import { hashToken, newToken } from '../../access/index.js';
import type { Queryable } from '../../db/index.js';

export interface NewTestMail {
  readonly id: string;
  /** A secret: for the mail alone. */
  readonly token: string;
}

interface Row {
  readonly tenant_id: string;
  readonly id: string;
  readonly mail_server_id: string | null;
  readonly recipient: string;
  readonly sent_at: Date;
  readonly arrived_at: Date | null;
}

/** What nobody looks at any more. */
const KEPT = '30 days';

/** The one writer of `test_mail`: which test mails were sent, and of which somebody said that they arrived. */
export class TestMails {
  /** @param told after an arrival, with the test mail's id */
  constructor(private readonly told: (tenantId: string, id: string) => void) {}

  /** @param serverId null: the settings are not saved */
  async begin(db: Queryable, tenantId: string, serverId: string | null, recipient: string): Promise<NewTestMail> {
    const [id, token] = [uuidV7(), newToken()];
    await db.query(
      `WITH gone AS (DELETE FROM test_mail WHERE sent_at < now() - interval '${KEPT}')
       INSERT INTO test_mail (tenant_id, id, mail_server_id, recipient, token_hash) VALUES ($1, $2, $3, $4, $5)`,
      [tenantId, id, serverId, recipient, hashToken(token)],
    );
    return { id, token };
  }

  async get(db: Queryable, tenantId: string, id: string): Promise<TestMailView | undefined> {
    const [row] = await db.query<Row>('SELECT * FROM test_mail WHERE tenant_id = $1 AND id = $2', [tenantId, id]);
    return row && view(row);
  }

  /** Looking changes nothing: mail programs look at links, too. */
  async byToken(db: Queryable, token: string): Promise<TestMailView | undefined> {
    const [row] = await db.query<Row>('SELECT * FROM test_mail WHERE token_hash = $1', [hashToken(token)]);
    return row && view(row);
  }

  /** Somebody has the mail. The first time counts. @returns false when the link is none */
  async arrived(db: Queryable, token: string): Promise<boolean> {
    const [row] = await db.query<Row>(
      'UPDATE test_mail SET arrived_at = coalesce(arrived_at, now()) WHERE token_hash = $1 RETURNING *',
      [hashToken(token)],
    );
    if (row !== undefined) this.told(row.tenant_id, row.id);
    return row !== undefined;
  }
}

const view = (row: Row): TestMailView => ({
  id: row.id,
  serverId: row.mail_server_id,
  recipient: row.recipient,
  sentAt: row.sent_at.getTime(),
  arrivedAt: row.arrived_at?.getTime() ?? null,
});
