import type { DeliveryFailure, DeliveryState, Language, MailTemplateText, SystemMailId } from '@signalpost/contracts';
import { v7 as uuidV7 } from 'uuid';
import type { z } from 'zod';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import type { Queryable, UnitOfWork } from '../../db/index.js';
import { parseMailbox } from '../addresses.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { OutboxSignal } from '../outbox-signal.js';
import type { MailLogEvents } from '../outbox/mail-log-events.js';
import { GIVE_UP_AFTER_SECONDS, SYSTEM_MAIL_PRIORITY } from '../outbox/outbox.js';
import { systemMail, type SYSTEM_MAILS } from './catalogue.js';
import type { SealedMails } from './sealed-mails.js';

/** The variables of one mail, as its schema takes them. */
export type SystemMailVariables<Id extends SystemMailId> = z.input<(typeof SYSTEM_MAILS)[Id]['variables']>;

export interface NewSystemMail<Id extends SystemMailId = SystemMailId> {
  /** Whose mail log it is in, whose words and colours it has; the nil UUID for the system's own people. */
  readonly tenantId: string;
  readonly template: Id;
  readonly to: {
    readonly address: string;
    readonly name?: string | null;
    readonly language: Language;
    /** As of the IANA database; absent: times are in UTC. */
    readonly timeZone?: string | null;
  };
  /** Links are complete and begin with the public address of the product. */
  readonly variables: SystemMailVariables<Id>;
  readonly about?: { readonly userId?: string };
  /** A server that fails, or will soon: another one sends the mail, where there is one. */
  readonly avoidServerId?: string;
  /** Milliseconds since the epoch: later the mail is of no use. At most a day, which is the default. */
  readonly expiresAt?: number;
}

/** A text to try out, instead of the one that is in force. */
export interface SampleMail extends Omit<NewSystemMail, 'variables'> {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly text: MailTemplateText;
}

/** What became of a mail; `reply` is the server's. */
export interface SystemMailState {
  readonly id: string;
  readonly state: DeliveryState;
  readonly reply: string | null;
  readonly failure: DeliveryFailure | null;
  readonly settledAt: number | null;
}

/** The way of the system's own mails into the outbox: over the system's servers, in their own lane, ahead of all others. */
export class SystemMails {
  constructor(
    private readonly sealed: SealedMails,
    private readonly signal: OutboxSignal,
    private readonly events: MailLogEvents,
    private readonly publicUrl: string,
  ) {}

  /**
   * Within the caller's transaction; the mail leaves after its commit. Never refuses for want of a server or for a bad
   * address: what became of it is said by `state`.
   * @throws ZodError, Error: variables that the template does not take, a link that leads elsewhere
   * @returns the id of the delivery
   */
  async enqueue<Id extends SystemMailId>(uow: UnitOfWork, mail: NewSystemMail<Id>): Promise<string> {
    const variables = systemMail(mail.template).variables.parse(mail.variables);
    this.#refuseForeignLinks(variables);
    return this.#insert(uow, mail, variables);
  }

  /** With sample data, to show somebody what a text looks like. */
  enqueueSample(uow: UnitOfWork, mail: SampleMail): Promise<string> {
    return this.#insert(uow, mail, mail.variables);
  }

  async #insert(
    uow: UnitOfWork,
    mail: Omit<NewSystemMail, 'variables'> & { readonly text?: MailTemplateText },
    variables: Readonly<Record<string, unknown>>,
  ): Promise<string> {
    const { tenantId, template, to } = mail;
    const id = uuidV7();
    const server = await serverFor(uow, mail.avoidServerId);
    const parsed = parseMailbox(to.address);
    const failure = parsed.ok ? (server === null ? mailFailure('no-system-mail-server') : null) : parsed.failure;
    const text = mail.text === undefined ? {} : { text: mail.text };
    const contents = { variables, ...optional('name', to.name), ...optional('timeZone', to.timeZone), ...text };
    await uow.query(INSERT, [
      ...[tenantId, id, SYSTEM_TENANT_ID, server ?? SYSTEM_TENANT_ID, SYSTEM_MAIL_PRIORITY, mail.about ?? {}],
      ...[[parsed.ok ? parsed.value.address : to.address], template, to.language],
      failure === null ? this.sealed.seal(tenantId, id, contents) : null,
      ...[failure === null ? 'waiting' : 'refused', failure, mail.expiresAt ?? null, GIVE_UP_AFTER_SECONDS],
    ]);
    uow.afterCommit(() => this.signal.wake());
    uow.afterCommit(() => this.events.changed(tenantId));
    return id;
  }

  /** null: there is no such mail, or it is older than the mail log. */
  async state(db: Queryable, tenantId: string, deliveryId: string): Promise<SystemMailState | null> {
    return (await this.states(db, tenantId, [deliveryId])).get(deliveryId) ?? null;
  }

  /** What became of many, by their ids; those that are not known are absent. */
  async states(db: Queryable, tenantId: string, deliveryIds: readonly string[]): Promise<Map<string, SystemMailState>> {
    const rows = await db.query<StateRow>(
      `SELECT id, state, reply, failure, settled_at FROM delivery WHERE tenant_id = $1 AND id = ANY ($2::uuid[]) AND template IS NOT NULL`,
      [tenantId, deliveryIds],
    );
    return new Map(
      rows.map(({ settled_at, ...row }) => [row.id, { ...row, settledAt: settled_at?.getTime() ?? null }]),
    );
  }

  /** A forged Host header must never end up in a mail. */
  #refuseForeignLinks(variables: Readonly<Record<string, unknown>>): void {
    const link = variables['link'];
    if (typeof link === 'string' && !link.startsWith(`${this.publicUrl}/`))
      throw new Error(`A link in a mail must begin with ${this.publicUrl}/`);
  }
}

interface StateRow extends Omit<SystemMailState, 'settledAt'> {
  readonly failure: MailFailure | null;
  readonly settled_at: Date | null;
}

const optional = <K extends string>(key: K, value: string | null | undefined): Partial<Record<K, string>> =>
  value === null || value === undefined ? {} : ({ [key]: value } as Record<K, string>); // a computed key is a string to TypeScript

async function serverFor(db: Queryable, avoid: string | undefined): Promise<string | null> {
  const [row] = await db.query<{ id: string }>(
    `SELECT id FROM mail_server WHERE tenant_id = $1 AND active ORDER BY id = $2 NULLS FIRST, is_default DESC, is_fallback DESC LIMIT 1`,
    [SYSTEM_TENANT_ID, avoid ?? null],
  );
  return row?.id ?? null;
}

const INSERT = `
  INSERT INTO delivery (tenant_id, id, server_tenant_id, server_id, priority, source, recipients, template, language, variables,
    state, failure, settled_at, give_up_at)
  VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11, $12::jsonb, CASE WHEN $11 = 'refused' THEN now() END,
    least(to_timestamp($13::float8 / 1000), now() + make_interval(secs => $14)))`;
