import { Readable } from 'node:stream';

import SMTPPool from 'nodemailer/lib/smtp-pool';
import type { SMTPPoolSendCallback, SMTPPoolSentMessageInfo } from 'nodemailer/lib/smtp-pool';

import type { EgressGuard } from '../../net/index.js';
import { checkCleartext } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import { classify, type SendStage } from './classify.js';
import type { ComposedMail, MailTransport, NotSent, RefusedByServer, SendResult } from './mail-transport.js';
import { readSmtpError, ReplyScrubber } from './smtp-error.js';
import { smtpOptions, type ConversationListener } from './smtp-options.js';

type PooledMail = Parameters<SMTPPool['send']>[0];
/** nodemailer's word for: the server had closed the connection before a byte of this mail was sent over it. */
const CLOSED_BEFORE_USE = 'Reached maximum number of retries after connection was closed';

/** One pool of SMTP connections. The bytes go to nodemailer's pool as they are: no MIME work a second time. */
export class SmtpTransport implements MailTransport {
  readonly #pool: SMTPPool;
  readonly #scrubber: ReplyScrubber;
  readonly #refusal: NotSent | undefined;
  #drained: (() => void) | undefined;

  constructor(route: MailRoute, egress: EgressGuard, onLine?: ConversationListener) {
    const { auth } = route.settings;
    const cleartext = route.sandbox ? undefined : checkCleartext(route.settings, egress, route.dialAllowed);
    this.#refusal = cleartext && { ok: false, failure: cleartext, reply: null, refused: [] };
    this.#scrubber =
      auth.kind === 'basic' ? new ReplyScrubber(auth.username, auth.password) : new ReplyScrubber('', '');
    this.#pool = new SMTPPool(smtpOptions(route, egress, onLine));
  }

  async send(mail: ComposedMail): Promise<SendResult> {
    if (this.#refusal !== undefined) return this.#refusal;
    const first = await this.#sendOnce(mail);
    const result = first === CLOSED_BEFORE_USE ? await this.#sendOnce(mail) : first;
    if (this.#pool.pendingCount() === 0) this.#drained?.();
    return result === CLOSED_BEFORE_USE ? this.#notSent(new Error(result), 'connect') : result;
  }

  async close(graceMs: number): Promise<void> {
    if (this.#pool.pendingCount() > 0) await this.#waitUntilDrained(graceMs);
    this.#pool.close({ force: true });
  }

  #sendOnce(mail: ComposedMail): Promise<SendResult | typeof CLOSED_BEFORE_USE> {
    const sending = new Sending(mail);
    return new Promise((resolve) => {
      const settle: SMTPPoolSendCallback = (error, info) => {
        if (info) resolve(this.#receipt(info));
        else if (error?.message === CLOSED_BEFORE_USE && sending.stage !== 'data') resolve(CLOSED_BEFORE_USE);
        else resolve(this.#notSent(error, sending.stage));
      };
      this.#pool.send(sending.pooled, settle);
    });
  }

  #receipt(info: SMTPPoolSentMessageInfo): SendResult {
    return {
      ok: true,
      reply: this.#scrubber.scrub(info.response),
      accepted: info.accepted,
      refused: this.#refused(info.rejectedErrors),
    };
  }

  #notSent(error: unknown, stage: SendStage): NotSent {
    const read = readSmtpError(error, this.#scrubber);
    const { rejectedErrors } = Object(error) as { rejectedErrors?: unknown }; // Object() makes any value indexable; checked in #refused
    return { ok: false, failure: classify(read, stage), reply: read.reply, refused: this.#refused(rejectedErrors) };
  }

  #refused(errors: unknown): RefusedByServer[] {
    if (!Array.isArray(errors)) return [];
    return errors.map((error: unknown) => {
      const { reply, responseCode } = readSmtpError(error, this.#scrubber);
      const { recipient } = Object(error) as { recipient?: unknown }; // as above
      return { address: String(recipient), reply: reply ?? '', temporary: responseCode < 500 };
    });
  }

  #waitUntilDrained(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#drained = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** One mail as nodemailer's pool takes it, and how far it came. */
class Sending {
  #enveloped = false;
  #stream: Readable | undefined;

  constructor(private readonly mail: ComposedMail) {}

  get stage(): SendStage {
    if (this.#stream?.readableDidRead === true) return 'data';
    return this.#enveloped ? 'envelope' : 'connect';
  }

  /** The part of a MailMessage that the pool uses (nodemailer's transport plugin API); the rest is for composing. */
  get pooled(): PooledMail {
    const { mail } = this;
    const message = {
      getEnvelope: () => {
        this.#enveloped = true;
        return { from: mail.sender, to: [...mail.recipients], size: mail.raw.length };
      },
      messageId: () => mail.messageId,
      getHeader: () => mail.messageId,
      createReadStream: () => (this.#stream = Readable.from([mail.raw], { objectMode: false })),
    };
    return { data: {}, message } as unknown as PooledMail; // see above: a MailMessage is a class for composing
  }
}
