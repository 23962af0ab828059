import type { Clock, Database, UnitOfWork } from '../../db/index.js';
import type { Queue } from '../../queue/index.js';
import { mailFailure, type MailFailure } from '../failures.js';
import type { HeldPlace } from '../outbox-signal.js';
import type { ClaimedMail } from './delivery-rows.js';
import type { MailLogEvents } from './mail-log-events.js';
import type { MutedAlarm, MutedAlarms } from './muted-alarms.js';
import { resumeEntry } from './settled-resume.js';

export interface Sorted {
  /** To be sent. */
  readonly open: readonly ClaimedMail[];
  /** Settled without an attempt. */
  readonly suppressed: readonly ClaimedMail[];
  /** Later mails of the same alarms need not wait any more. */
  readonly freed: readonly HeldPlace[];
}

interface Muted {
  readonly mail: ClaimedMail;
  readonly failure: MailFailure;
}

/**
 * Takes what is about muted alarms out of what was picked to be claimed. It is asked after the pick, so a mute holds for every pick
 * that begins after it was saved, also for mails that waited for long and for further attempts.
 */
export class MutedMails {
  constructor(
    private readonly db: Database,
    private readonly alarms: MutedAlarms,
    private readonly queue: Queue,
    private readonly clock: Clock,
    private readonly events: MailLogEvents,
  ) {}

  /** Costs nothing where no mail is of an alarm, and one statement where none of the alarms is muted. */
  async takeOut(mails: readonly ClaimedMail[]): Promise<Sorted> {
    const muted = await this.#find(mails);
    const settled = muted.length === 0 ? new Set<string>() : await this.#settle(muted);
    const suppressed = mails.filter(({ id }) => settled.has(id));
    for (const tenantId of new Set(suppressed.map((mail) => mail.tenantId))) this.events.changed(tenantId);
    return { open: mails.filter(({ id }) => !settled.has(id)), suppressed, freed: suppressed.flatMap(placesOf) };
  }

  async #find(mails: readonly ClaimedMail[]): Promise<Muted[]> {
    const ofAlarms = mails.flatMap((mail) => (mail.alarmId === null ? [] : [{ mail, alarmId: mail.alarmId }]));
    if (ofAlarms.length === 0) return [];
    const found = await this.alarms.find(ofAlarms.map(({ mail, alarmId }) => ({ tenantId: mail.tenantId, alarmId })));
    return ofAlarms.flatMap(({ mail }, index) => {
      const mute = found[index];
      return mute ? [{ mail, failure: mailFailure('alarm-muted', sentenceOf(mute)) }] : [];
    });
  }

  /** @returns the ids of those that nobody asked for in spite of the mute, and that still wait */
  #settle(muted: readonly Muted[]): Promise<Set<string>> {
    return this.db.transaction(async (uow) => {
      const settled = await suppress(uow, muted);
      const entries = muted.flatMap(({ mail, failure }) =>
        mail.parkedId === null || !settled.has(mail.id)
          ? []
          : [resumeEntry({ ...mail, reply: null, deliveryId: mail.id, failure }, mail.parkedId, this.clock.now())],
      );
      if (entries.length > 0) await this.queue.enqueue(uow, entries);
      return settled;
    });
  }
}

async function suppress(uow: UnitOfWork, muted: readonly Muted[]): Promise<Set<string>> {
  const input = muted.map(({ mail, failure }) => ({
    ...{ tenant_id: mail.tenantId, id: mail.id, created_at: mail.createdAt, attempts: mail.attempts, failure },
  }));
  const rows = await uow.query<{ id: string }>(SUPPRESS, [JSON.stringify(input)]);
  return new Set(rows.map(({ id }) => id));
}

/** Found by its key alone, as in `CLAIM`. */
const SUPPRESS = {
  name: 'outbox-suppress',
  text: `
    UPDATE delivery d SET state = 'suppressed', settled_at = now(), failure = i.failure
    FROM jsonb_to_recordset($1::jsonb) AS i (tenant_id uuid, id uuid, created_at timestamptz, attempts int, failure jsonb)
    WHERE d.tenant_id = i.tenant_id AND d.id = i.id AND d.created_at = i.created_at AND d.state IS NOT DISTINCT FROM 'waiting'
      AND d.attempts = i.attempts AND NOT d.despite_mute
    RETURNING d.id`,
};

const placesOf = ({ tenantId, alarmId, recipients }: ClaimedMail): HeldPlace[] =>
  alarmId === null ? [] : recipients.map((address) => ({ tenantId, alarmId, address }));

/** Times are UTC: nobody knows in which zone it will be read. */
function sentenceOf({ by, until, reason }: MutedAlarm): string {
  const end =
    until === null ? 'until it clears' : `until ${new Date(until).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `Muted by ${by} ${end}${reason === null ? '' : ` (${reason})`}.`;
}
