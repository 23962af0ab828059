import { randomBytes, randomUUID } from 'node:crypto';

import { outboundSettingsSchema, type DeliveryState } from '@signalpost/contracts';
import type { MailCall } from '@signalpost/rule-nodes/runtime';
import { vi } from 'vitest';

import { SYSTEM_ACTOR } from '../../access/index.js';
import { AlarmMutes } from '../../alarms/index.js';
import { systemClock, type Database, type UnitOfWork } from '../../db/index.js';
import { EventBus } from '../../http/events/index.js';
import { EgressGuard, GuardedFetch } from '../../net/index.js';
import { PgQueue, WakeUp } from '../../queue/index.js';
import type { ScriptPool } from '../../scripting/index.js';
import { SecretBox } from '../../secrets/index.js';
import { OutboxSignal } from '../outbox-signal.js';
import { MailRoutes, type RouteNeeds, type SandboxAccess } from '../servers/mail-route.js';
import { serverRooms } from '../mail-servers.testing.js';
import type { MailServers } from '../servers/mail-servers.js';
import { StoredSettings } from '../servers/stored-settings.js';
import { Brandings } from '../templates/brandings.js';
import { BrokenTemplates } from '../templates/broken-templates.js';
import { MailWriter } from '../templates/mail-writer.js';
import { SandboxedTemplates } from '../templates/sandboxed.js';
import { SealedMails } from '../templates/sealed-mails.js';
import { SystemMails } from '../templates/system-mails.js';
import { TemplateStore } from '../templates/template-store.js';
import { Backlog } from './backlog.js';
import { Claims } from './claims.js';
import { createSender, type SendingNeeds } from './create-sender.js';
import { MailLogEvents } from './mail-log-events.js';
import { MailLog } from './mail-log.js';
import { Outbox, type Enqueued } from './outbox.js';
import type { Sender } from './sender.js';
import { Sweep } from './sweep.js';

export interface DeliveryRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly recipients: string[];
  readonly subject: string;
  readonly accepted: string[];
  readonly refused: unknown[];
  readonly message_id: string | null;
  readonly raw: Buffer | null;
  readonly reply: string | null;
  readonly failure: { code: string; message: string; retryable: boolean } | null;
  readonly wait_ms: number;
}

export const NODE = '00000000-0000-4000-8000-0000000000aa';
/** For rooms without templates that somebody changed. */
const NO_SCRIPTS = { run: () => Promise.reject(new Error('nothing is to run here')) };
export const PUBLIC_URL = 'https://signal.example.org';
const NO_SANDBOX = { host: '127.0.0.1', port: 0, passwordOf: () => '' };

/** The whole mail room in one process, on a real database, with as little around it as possible. */
export class MailRoom {
  readonly signal = new OutboxSignal();
  readonly egress = new EgressGuard(['127.0.0.0/8']);
  readonly errors: unknown[] = [];
  readonly outcomes: string[] = [];
  readonly queue = new PgQueue(new WakeUp());
  readonly backlog = new Backlog();
  readonly secrets = new SecretBox([{ kid: 'k', key: randomBytes(32) }]);
  readonly stored = new StoredSettings(this.secrets);
  readonly servers: MailServers;
  readonly events: string[] = [];
  readonly mailLogEvents = new MailLogEvents({ publish: (tenantId) => void this.events.push(tenantId) });
  readonly outbox = new Outbox(this.backlog, this.signal, this.queue, systemClock, this.mailLogEvents);
  readonly mailLog: MailLog;
  readonly log = { error: (...told: unknown[]) => void this.errors.push(told) };
  readonly templates = new TemplateStore();
  readonly brandings = new Brandings();
  readonly broken: BrokenTemplates;
  readonly writer: MailWriter;
  readonly sealedMails: SealedMails;
  readonly systemMails: SystemMails;
  readonly sweep: Sweep;
  readonly mutes: AlarmMutes;
  readonly sender: Sender;

  /** @param owner the id of an instance; the lock that shows it to live is held by `live` */
  constructor(
    readonly db: Database,
    owner: { readonly id: number },
    sandbox: SandboxAccess = NO_SANDBOX,
    more: Partial<
      Pick<RouteNeeds, 'tokens'> & Pick<SendingNeeds, 'http' | 'apiUrls'> & { scripts: Pick<ScriptPool, 'run'> }
    > = {},
  ) {
    const metrics = { attempted: (outcome: string) => void this.outcomes.push(outcome), waiting: () => undefined };
    const { queue, backlog, mailLogEvents, signal, egress } = this;
    this.servers = serverRooms(db, this.secrets, { egress, signal }).servers;
    this.sweep = new Sweep(db, new Claims(db), queue, systemClock, backlog, mailLogEvents, metrics);
    const sandboxed = new SandboxedTemplates(more.scripts ?? NO_SCRIPTS);
    this.broken = new BrokenTemplates(db, this.templates, systemClock, (tenantId) => void this.events.push(tenantId));
    this.writer = new MailWriter({
      ...{ db, sandboxed, broken: this.broken },
      store: this.templates,
      brandings: this.brandings,
    });
    this.sealedMails = new SealedMails(this.secrets, this.writer, this.log.error);
    this.systemMails = new SystemMails(this.sealedMails, signal, mailLogEvents, PUBLIC_URL);
    this.mailLog = new MailLog(db, queue, systemClock, signal, mailLogEvents);
    this.mutes = new AlarmMutes(db, new EventBus(), systemClock);
    this.sender = createSender({
      ...{ db, queue, backlog, signal, metrics, instance: owner, clock: systemClock, events: mailLogEvents },
      ...{
        log: this.log,
        egress: this.egress,
        publicUrl: PUBLIC_URL,
        systemMails: this.sealedMails,
        mutedAlarms: this.mutes,
      },
      http: new GuardedFetch(this.egress),
      ...more,
      routes: new MailRoutes({ stored: this.stored, sandbox, ...more }),
    });
  }

  async tenant(limits: Record<string, unknown> = {}): Promise<string> {
    const id = randomUUID();
    await this.db.query(`INSERT INTO tenant (id, name, kind, limits) VALUES ($1, $3, 'tenant', $2)`, [id, limits, id]);
    return id;
  }

  async server(
    tenantId: string,
    port: number,
    settings: Record<string, unknown> = {},
    name = 'DEFAULT',
    isDefault = true,
  ): Promise<string> {
    const custom = outboundSettingsSchema.parse({
      provider: 'custom',
      from: 'plant@example.org',
      host: '127.0.0.1',
      tls: 'none',
      port,
      ...settings,
    });
    const saved = await this.db.transaction((uow) =>
      this.servers.save(uow, tenantId, {
        ...{ name, default: isDefault, active: true, managed: false, settings: custom },
        by: SYSTEM_ACTOR,
      }),
    );
    if (!saved.ok) throw new Error(saved.failure.message);
    return saved.value.id;
  }

  enqueue(tenantId: string, ...calls: Partial<MailCall>[]): Promise<Enqueued[]> {
    return this.db.transaction((uow) => this.enqueueIn(uow, tenantId, ...calls));
  }

  enqueueIn(uow: UnitOfWork, tenantId: string, ...calls: Partial<MailCall>[]): Promise<Enqueued[]> {
    const scope = { tenantId, chainId: NODE, nodeId: NODE, nodeName: 'send' };
    return this.outbox.enqueue(uow, scope, calls.map(mailCall));
  }

  deliveries(tenantId: string): Promise<DeliveryRow[]> {
    return this.db.query<DeliveryRow>(
      `SELECT *, (extract(epoch FROM next_attempt_at - now()) * 1000)::float8 AS wait_ms FROM delivery WHERE tenant_id = $1 ORDER BY seq`,
      [tenantId],
    );
  }

  /** Waits until every delivery of the tenant is in one of these states. */
  async until(tenantId: string, ...states: DeliveryState[]): Promise<DeliveryRow[]> {
    return vi.waitFor(
      async () => {
        const rows = await this.deliveries(tenantId);
        const others = rows.filter(({ state }) => !states.includes(state));
        if (rows.length === 0 || others.length > 0)
          throw new Error(`${others.length} of ${rows.length} are ${others[0]?.state}: ${others[0]?.failure?.message}`);
        return rows;
      },
      { timeout: 20_000, interval: 20 },
    );
  }

  /** What was put into the queue for the messages that waited. */
  async resumes(tenantId: string): Promise<{ parkedId: string; label: string; metadata: Record<string, string> }[]> {
    const rows = await this.db.query<{ resume: never }>(
      'SELECT resume FROM queue_message WHERE tenant_id = $1 AND resume IS NOT NULL ORDER BY seq',
      [tenantId],
    );
    return rows.map(({ resume }) => resume);
  }
}

export function mailCall(call: Partial<MailCall>): MailCall {
  return {
    messageId: randomUUID(),
    mailNumber: 0,
    server: { use: 'tenant-default' },
    draft: { to: 'to@example.org', subject: 'Hot', body: 'It is hot.' },
    originator: { entityType: 'DEVICE', id: NODE },
    alarmId: null,
    giveUpAfterSeconds: null,
    parkedId: null,
    ...call,
  };
}

export const mailTo = (to: string, subject = 'Hot') => ({ draft: { to, subject, body: 'It is hot.' } });
