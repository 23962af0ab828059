import type { Clock } from '../../db/index.js';
import { composeMail, copiesOf, envelopeSender, messageIdOf } from '../compose/compose.js';
import type { MailFailure } from '../failures.js';
import type { MailRoute } from '../servers/mail-route.js';
import type { ClaimedMail, ToClaim } from './delivery-rows.js';
import type { MailContent, SystemMailContents } from './system-mail-contents.js';
import type { ReadyMail } from './server-lane.js';
import type { UnderWay } from './under-way.js';
import { openRecipients } from './verdict.js';

export interface NotReady {
  readonly mail: ClaimedMail;
  readonly failure: MailFailure;
}

/** What is this process's now. */
export interface Prepared {
  readonly ready: readonly ReadyMail[];
  /** No mail can be made of these. */
  readonly unfit: readonly NotReady[];
}

/** Composes what is sent for the first time, and claims mails with their bytes: those are kept before any of them leaves. */
export class MakeReady {
  constructor(
    private readonly underWay: Pick<UnderWay, 'claim'>,
    private readonly systemMails: SystemMailContents,
    private readonly clock: Clock,
    private readonly publicUrl: string,
  ) {}

  async prepare(mails: readonly ClaimedMail[], route: MailRoute): Promise<Prepared> {
    const made = await Promise.all(mails.map((mail) => this.#make(mail, route)));
    const ours = await this.underWay.claim(made.map((one) => this.#toClaim(one)));
    const kept = made.filter(({ mail }) => ours.has(mail.id));
    return {
      ready: kept.flatMap((one) => ('failure' in one ? [] : [one])),
      unfit: kept.filter((one) => 'failure' in one),
    };
  }

  /** Claims mails that cannot be sent now. @returns those that are this process's */
  async withoutBytes(mails: readonly ClaimedMail[]): Promise<ClaimedMail[]> {
    const ours = await this.underWay.claim(mails.map((mail) => ({ mail, kept: null })));
    return mails.filter(({ id }) => ours.has(id));
  }

  #toClaim(made: ReadyMail | NotReady): ToClaim {
    const { mail } = made;
    if ('failure' in made || mail.raw !== null) return { mail, kept: null };
    return { mail, kept: { messageId: made.messageId, raw: this.#toKeep(mail, made.raw) } };
  }

  /** Links and codes are in the bytes of a mail of the system. */
  #toKeep(mail: ClaimedMail, raw: Buffer): Buffer {
    return mail.system === null ? raw : this.systemMails.sealBytes(mail, raw);
  }

  async #make(mail: ClaimedMail, route: MailRoute): Promise<ReadyMail | NotReady> {
    const sender = envelopeSender(mail.tenantId, mail.draft, route);
    if ('code' in sender) return { mail, failure: sender };
    const messageId = mail.messageId ?? messageIdOf(mail.id, this.publicUrl);
    const raw = mail.raw === null ? await this.#compose(mail, route) : this.#kept(mail, mail.raw);
    if ('code' in raw) return { mail, failure: raw };
    return { mail, sender: sender.address, recipients: this.#recipients(mail, route), messageId, raw };
  }

  /** Automatic copies are of mails of rule chains; those of the system hold links and codes. */
  #recipients(mail: ClaimedMail, route: MailRoute): string[] {
    const copies = mail.system === null ? copiesOf(route) : [];
    return openRecipients({ ...mail, recipients: [...new Set([...mail.recipients, ...copies])] });
  }

  #kept(mail: ClaimedMail, raw: Buffer): Buffer | MailFailure {
    return mail.system === null ? raw : this.systemMails.openBytes(mail, raw);
  }

  async #compose(mail: ClaimedMail, route: MailRoute): Promise<Buffer | MailFailure> {
    const content: MailContent | MailFailure =
      mail.system === null ? { draft: mail.draft } : await this.systemMails.contentOf(mail, mail.system);
    if ('code' in content) return content;
    const language = mail.system === null ? {} : { language: mail.system.language };
    const toCompose = { tenantId: mail.tenantId, deliveryId: mail.id, ...content, ...language, date: this.clock.now() };
    return composeMail(toCompose, route, this.publicUrl);
  }
}
