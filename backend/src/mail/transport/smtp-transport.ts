import SMTPPool from 'nodemailer/lib/smtp-pool';
import type { SMTPPoolSendCallback, SMTPPoolSentMessageInfo } from 'nodemailer/lib/smtp-pool';

import type { EgressGuard } from '../../net/index.js';
import type { AccessToken } from '../oauth/token-service.js';
import { checkCleartext } from '../servers/check-settings.js';
import type { MailRoute } from '../servers/mail-route.js';
import { mailFailure } from '../failures.js';
import { classify, type SendStage } from './classify.js';
import { MailBytes } from './mail-bytes.js';
import type { ComposedMail, MailTransport, NotSent, RefusedByServer, SendResult } from './mail-transport.js';
import { replacement, withoutToken } from './mailbox-tokens.js';
import { NoTokenError, TokenRefusedError } from './smtp-sign-in.js';
import { readSmtpError, ReplyScrubber } from './smtp-error.js';
import { smtpOptions, type ConversationListener } from './smtp-options.js';

type PooledMail = Parameters<SMTPPool['send']>[0];
/** nodemailer's word for: the server had closed the connection before a byte of this mail was sent over it. */
const CLOSED_BEFORE_USE = 'Reached maximum number of retries after connection was closed';

type Attempt =
  | { readonly result: SendResult; readonly refusedToken?: undefined }
  /** The revision of the grant whose token was refused. */
  | { readonly result: NotSent; readonly refusedToken: number };

/** One pool of SMTP connections. The bytes go to nodemailer's pool as they are: no MIME work a second time. */
export class SmtpTransport implements MailTransport {
  readonly #pool: SMTPPool;
  readonly #scrubber: ReplyScrubber;
  readonly #refusal: NotSent | undefined;
  #drained: (() => void) | undefined;
  /** The grant tells that the server refuses its tokens. */
  #marked = false;

  constructor(
    private readonly route: MailRoute,
    egress: EgressGuard,
    onLine?: ConversationListener,
  ) {
    const { auth } = route.settings;
    const cleartext = route.sandbox ? undefined : checkCleartext(route.settings, egress, route.dialAllowed);
    this.#refusal = cleartext && { ok: false, failure: cleartext, reply: null, refused: [] };
    this.#scrubber =
      auth.kind === 'basic' ? new ReplyScrubber(auth.username, auth.password) : new ReplyScrubber('', '');
    this.#pool = new SMTPPool(smtpOptions(route, egress, (token) => this.#used(token), onLine));
  }

  async send(mail: ComposedMail): Promise<SendResult> {
    if (this.#refusal !== undefined) return this.#refusal;
    const result = await this.#signedIn(mail);
    if (this.#pool.pendingCount() === 0) this.#drained?.();
    return result;
  }

  /** Opens one connection, signs in and says good-bye. @returns why that did not work */
  async signIn(): Promise<NotSent | undefined> {
    if (this.#refusal !== undefined) return this.#refusal;
    try {
      await this.#pool.verify();
      return undefined;
    } catch (error) {
      const { result } = this.#notSent(error, 'connect');
      return result.ok ? undefined : result;
    }
  }

  async close(graceMs: number): Promise<void> {
    if (this.#pool.pendingCount() > 0) await this.#waitUntilDrained(graceMs);
    this.#pool.close({ force: true });
  }

  #used({ token, refusedByServer }: AccessToken): void {
    this.#scrubber.hide(token);
    this.#marked ||= refusedByServer;
  }

  /** A refused token is replaced once, whatever the refusal looked like; then the grant is marked. */
  async #signedIn(mail: ComposedMail): Promise<SendResult> {
    const first = await this.#attempt(mail);
    const { token: tokens } = this.route;
    if (first.refusedToken === undefined || tokens === null) return this.#recovered(first.result);
    const fresh = await replacement(tokens, first.refusedToken);
    if (fresh?.ok === false) return { ...first.result, failure: withoutToken(fresh.failure) };
    const last = fresh === null ? first : await this.#attempt(mail);
    if (last.refusedToken === undefined) return last.result;
    await tokens.refused(last.refusedToken, last.result.reply ?? '');
    return last.result;
  }

  async #recovered(result: SendResult): Promise<SendResult> {
    if (!this.#marked || !result.ok) return result;
    this.#marked = false;
    await this.route.token?.accepted();
    return result;
  }

  async #attempt(mail: ComposedMail): Promise<Attempt> {
    const first = await this.#sendOnce(mail);
    const attempt = first === CLOSED_BEFORE_USE ? await this.#sendOnce(mail) : first;
    return attempt === CLOSED_BEFORE_USE ? this.#notSent(new Error(attempt), 'connect') : attempt;
  }

  #sendOnce(mail: ComposedMail): Promise<Attempt | typeof CLOSED_BEFORE_USE> {
    const sending = new Sending(mail);
    return new Promise((resolve) => {
      const settle: SMTPPoolSendCallback = (error, info) => {
        if (info) resolve({ result: this.#receipt(info) });
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

  #notSent(error: unknown, stage: SendStage): Attempt {
    const read = readSmtpError(error, this.#scrubber);
    const { rejectedErrors } = Object(error) as { rejectedErrors?: unknown }; // Object() makes any value indexable; checked in #refused
    const result = { ok: false, reply: read.reply, refused: this.#refused(rejectedErrors) } as const;
    if (error instanceof NoTokenError) return { result: { ...result, failure: withoutToken(error.failure) } };
    if (!(error instanceof TokenRefusedError)) return { result: { ...result, failure: classify(read, stage) } };
    const told = [read.reply === null ? '' : `It says: ${read.reply}`, error.challenge && `(${error.challenge})`];
    const failure = mailFailure('token-refused', told.filter(Boolean).join(' '));
    return { result: { ...result, failure }, refusedToken: error.grantRevision };
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
  #bytes: MailBytes | undefined;

  constructor(private readonly mail: ComposedMail) {}

  get stage(): SendStage {
    if (this.#bytes?.readableDidRead === true) return 'data';
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
      createReadStream: () => (this.#bytes = new MailBytes(mail.raw)),
    };
    return { data: {}, message } as unknown as PooledMail; // see above: a MailMessage is a class for composing
  }
}
