import type { SystemMailId } from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../access/index.js';
import { SecretBox } from '../secrets/index.js';
import type { TestApp } from '../start/test-app.testing.js';

/** A mail of the system as it waits in the outbox. */
export interface WaitingMail {
  readonly template: SystemMailId;
  readonly to: string;
  readonly language: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

interface Row {
  readonly tenant_id: string;
  readonly id: string;
  readonly template: SystemMailId;
  readonly recipients: readonly string[];
  readonly language: string;
  readonly variables: string;
}

/** Looks into the outbox of an application that sends nothing: what mails would say, opened with the application's key. */
export class Mailbox {
  private constructor(private readonly test: TestApp) {}

  /** The system needs a mail server, or its mails are refused at once. */
  static async of(test: TestApp): Promise<Mailbox> {
    await test.database.query(
      `INSERT INTO mail_server (tenant_id, id, name, is_default, settings, schema_version)
       VALUES ($1, gen_random_uuid(), 'SYSTEM', true, '{}', 1)`,
      [SYSTEM_TENANT_ID],
    );
    return new Mailbox(test);
  }

  /** In the order of their making. */
  async to(address: string): Promise<WaitingMail[]> {
    const rows = await this.test.database.query<Row>(
      `SELECT tenant_id, id, template, recipients, language, variables FROM delivery
       WHERE template IS NOT NULL AND recipients = ARRAY[$1] ORDER BY created_at, id`,
      [address],
    );
    return rows.map((row) => this.#open(row));
  }

  /** The newest of a kind. */
  async last(address: string, template: SystemMailId): Promise<WaitingMail | undefined> {
    return (await this.to(address)).findLast((mail) => mail.template === template);
  }

  /** What its link holds as `?token=`. */
  async tokenOf(address: string, template: SystemMailId): Promise<string> {
    const mail = await this.last(address, template);
    return new URL(String(mail?.variables['link'])).searchParams.get('token') ?? '';
  }

  /** As the mail server's answer would settle it. */
  async settle(address: string, state: 'accepted' | 'refused', reply: string): Promise<void> {
    const failure =
      state === 'refused' ? { code: 'recipient-refused', message: 'Check the address.', retryable: false } : null;
    await this.test.database.query(
      `UPDATE delivery SET state = $2, reply = $3, failure = $4, settled_at = now()
       WHERE recipients = ARRAY[$1] AND settled_at IS NULL`,
      [address, state, reply, failure],
    );
  }

  #open(row: Row): WaitingMail {
    const place = { tenantId: row.tenant_id, entity: `delivery/${row.id}`, field: 'variables' };
    const opened: unknown = JSON.parse(this.test.app.get(SecretBox).open(row.variables, place));
    const { variables } = opened as { variables: WaitingMail['variables'] }; // as SystemMails sealed it
    return { template: row.template, to: row.recipients[0] ?? '', language: row.language, variables };
  }
}
