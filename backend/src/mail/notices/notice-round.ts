import type { Language, Notice } from '@signalpost/contracts';

import type { Clock, Database, Queryable, UnitOfWork } from '../../db/index.js';
import type { NoticeRecipient } from '../../users/index.js';
import { warningDue } from '../oauth/expiry.js';
import type { NewSystemMail, SystemMails } from '../templates/system-mails.js';
import type { FoundNotice } from './notice.js';
import { quotaName, quotaNotices } from './quotas.js';
import { signInNotices } from './sign-in-notices.js';
import { templateNotices } from './template-notices.js';

/** Who is told; bound by the directory. */
export interface Recipients {
  of(tenantId: string, notice: Notice, db?: Queryable): Promise<readonly NoticeRecipient[]>;
}

export interface NoticeParts {
  readonly db: Database;
  readonly mails: SystemMails;
  readonly recipients: Recipients;
  readonly clock: Clock;
  readonly publicUrl: string;
  /** Open pages read notices again. */
  readonly changed: (tenantId: string) => void;
}

/** One thing to tell, once: `memory` says what was told. */
interface ToTell {
  readonly notice: FoundNotice;
  readonly memory: string;
}

/**
 * Tells administrators by mail what they can put right. It looks at what is stored instead of being called when things
 * happen, so nothing is lost by a crash; what was told is kept with the mail in one transaction, so every instance may look.
 */
export class NoticeRound {
  #running: Promise<void> | undefined;

  constructor(private readonly parts: NoticeParts) {}

  /** Ends when everything that is so by now is told. */
  async run(): Promise<void> {
    await this.#running;
    this.#running ??= this.#round().finally(() => (this.#running = undefined));
    await this.#running;
  }

  async #round(): Promise<void> {
    const { db, clock } = this.parts;
    const now = clock.now();
    const quotas = await quotaNotices(db, null);
    const others = [...(await signInNotices(db, null, now)), ...(await templateNotices(db, null))];
    const toTell = [...quotas.found, ...others].map((notice) => ({ notice, memory: memoryOf(notice, now) }));
    const told = await this.#told();
    const fresh = toTell.filter(({ notice, memory }) => !told.has(`${notice.tenantId} ${memory}`));
    for (const one of fresh) await this.#tell(one);
    const quiet = await this.#forget(toTell, quotas.uneasy);
    for (const tenantId of new Set([...fresh.map(({ notice }) => notice.tenantId), ...quiet]))
      this.parts.changed(tenantId);
  }

  async #told(): Promise<Set<string>> {
    const rows = await this.parts.db.query<{ tenant_id: string; key: string }>(
      'SELECT tenant_id, key FROM notice_told',
    );
    return new Set(rows.map((row) => `${row.tenant_id} ${row.key}`));
  }

  async #tell({ notice, memory }: ToTell): Promise<void> {
    await this.parts.db.transaction(async (uow) => {
      const first = await uow.query(
        'INSERT INTO notice_told (tenant_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING key',
        [notice.tenantId, memory],
      );
      if (first.length > 0) await this.#mail(uow, notice);
    });
  }

  async #mail(uow: UnitOfWork, notice: FoundNotice): Promise<void> {
    if (!isMailed(notice.code)) return;
    for (const recipient of await this.parts.recipients.of(notice.tenantId, notice.code, uow))
      await this.parts.mails.enqueue(uow, mailOf(notice, notice.code, recipient, this.parts.publicUrl));
  }

  /** What is not so any more can be told again one day. @returns the scopes where something went away */
  async #forget(toTell: readonly ToTell[], uneasy: readonly { tenantId: string; key: string }[]): Promise<string[]> {
    const stillNear = uneasy.map(({ tenantId, key }) => ({ tenantId, memory: `quota-near:${key}` }));
    const kept = [...toTell.map(({ notice, memory }) => ({ tenantId: notice.tenantId, memory })), ...stillNear];
    const rows = await this.parts.db.query<{ tenant_id: string }>(
      `DELETE FROM notice_told t WHERE NOT EXISTS (
         SELECT 1 FROM unnest($1::uuid[], $2::text[]) AS k (tenant_id, key) WHERE k.tenant_id = t.tenant_id AND k.key = t.key
       ) RETURNING tenant_id`,
      [kept.map(({ tenantId }) => tenantId), kept.map(({ memory }) => memory)],
    );
    return rows.map((row) => row.tenant_id);
  }
}

/** Ends are told at each of the thresholds; a limit that is reached was near, too. */
function memoryOf({ code, key, params }: FoundNotice, now: number): string {
  const { endsAt } = params;
  const days = typeof endsAt === 'number' ? warningDue(endsAt, now) : null;
  return [code, key, ...(days === null ? [] : [`${endsAt}`, `${days}`])].join(':');
}

type MailedNotice = Notice & FoundNotice['code'];
const MAILED: ReadonlySet<string> = new Set<MailedNotice>([
  'oauth-expiring',
  'oauth-ended',
  'secret-expiring',
  'quota-near',
  'quota-reached',
  'template-broken',
]);
const isMailed = (code: FoundNotice['code']): code is MailedNotice => MAILED.has(code);

function mailOf(
  { tenantId, params, page }: FoundNotice,
  template: MailedNotice,
  { address, name, language, userId }: NoticeRecipient,
  publicUrl: string,
): NewSystemMail {
  const variables = { ...params, ...wordsOf(template, params, language), link: `${publicUrl}${page ?? '/'}` };
  const avoid = typeof params['serverId'] === 'string' ? { avoidServerId: params['serverId'] } : {};
  return {
    tenantId,
    template,
    to: { address, name, language },
    variables,
    about: { userId },
    ...avoid,
  }; // checked by its schema when enqueued
}

function wordsOf(template: MailedNotice, params: FoundNotice['params'], language: Language): Record<string, string> {
  if (template === 'template-broken') return { template: `${params['template']} (${params['language']})` };
  return template.startsWith('quota-') ? { what: quotaName(String(params['what']), language) } : {};
}
