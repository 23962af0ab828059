import { mailFailure } from '../failures.js';
import type { ComposedMail, MailTransport, RefusedByServer, SendResult } from './mail-transport.js';

export interface TransportBounds {
  readonly maxMessageBytes: number | null;
  readonly recipientsPerMessage: number | null;
}

/** Keeps to what a server takes, before it has to say so: providers punish who tries too much, again and again. */
export class BoundedTransport implements MailTransport {
  constructor(
    private readonly inner: MailTransport,
    private readonly bounds: TransportBounds,
  ) {}

  async send(mail: ComposedMail): Promise<SendResult> {
    const { maxMessageBytes: most, recipientsPerMessage: each } = this.bounds;
    if (most !== null && mail.raw.length > most) return tooBig(mail.raw.length, most);
    if (each === null || mail.recipients.length <= each) return this.inner.send(mail);
    return this.#inParts(mail, each);
  }

  close(graceMs: number): Promise<void> {
    return this.inner.close(graceMs);
  }

  /** The same bytes to one part of the recipients after the other; what fails later does not undo what was taken. */
  async #inParts(mail: ComposedMail, each: number): Promise<SendResult> {
    const results: SendResult[] = [];
    for (const recipients of partsOf(mail.recipients, each)) {
      const result = await this.inner.send({ ...mail, recipients });
      if (!result.ok && !results.some(({ ok }) => ok)) return result;
      results.push(result.ok ? result : { ...result, refused: refusedAll(recipients, result) });
      if (!result.ok) return merged([...results, ...leftOut(mail.recipients, results.length * each, result)]);
    }
    return merged(results);
  }
}

const tooBig = (bytes: number, most: number): SendResult => ({
  ok: false,
  failure: mailFailure('message-too-big', `It has ${bytes} bytes; this mail server takes ${most}.`),
  reply: null,
  refused: [],
});

type Failed = Exclude<SendResult, { ok: true }>;

function partsOf(recipients: readonly string[], each: number): string[][] {
  const count = Math.ceil(recipients.length / each);
  return Array.from({ length: count }, (_, index) => recipients.slice(index * each, (index + 1) * each));
}

const refusedAll = (recipients: readonly string[], { failure, reply, refused }: Failed): RefusedByServer[] =>
  recipients.map(
    (address) =>
      refused.find((one) => one.address === address) ?? {
        address,
        reply: reply ?? failure.message,
        temporary: failure.retryable,
      },
  );

/** Those who were not tried any more wait for the next attempt. */
const leftOut = (recipients: readonly string[], from: number, failed: Failed): SendResult[] => [
  {
    ...failed,
    refused: refusedAll(recipients.slice(from), { ...failed, failure: { ...failed.failure, retryable: true } }),
  },
];

function merged(results: readonly SendResult[]): SendResult {
  return {
    ok: true,
    reply: results.flatMap((result) => (result.ok ? [result.reply] : [])).at(-1) ?? '',
    accepted: results.flatMap((result) => (result.ok ? result.accepted : [])),
    refused: results.flatMap(({ refused }) => refused),
  };
}
