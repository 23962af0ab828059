import { expect, it } from 'vitest';

import { mailFailure } from '../failures.js';
import { BoundedTransport } from './bounded-transport.js';
import type { ComposedMail, MailTransport, SendResult } from './mail-transport.js';
import { testMail } from './transports.testing.js';

/** Takes everybody, or answers in turn what it is told. */
class Recorder implements MailTransport {
  readonly sent: ComposedMail[] = [];
  constructor(private readonly answers: SendResult[] = []) {}
  send(mail: ComposedMail): Promise<SendResult> {
    this.sent.push(mail);
    const usual: SendResult = { ok: true, reply: `250 ${this.sent.length}`, accepted: mail.recipients, refused: [] };
    return Promise.resolve(this.answers.shift() ?? usual);
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@example.org`);
const bounded = (inner: MailTransport, recipientsPerMessage: number | null, maxMessageBytes: number | null = null) =>
  new BoundedTransport(inner, { recipientsPerMessage, maxMessageBytes });

it('fails a mail that is too big before the server hears of it, with both sizes', async () => {
  const inner = new Recorder();
  expect(await bounded(inner, null, 20_000).send(testMail(['a@b.org'], 'x'.repeat(30_000)))).toMatchObject({
    failure: {
      code: 'message-too-big',
      message: expect.stringMatching(/It has 300\d\d bytes; this mail server takes 20000/),
    },
  });
  expect(inner.sent).toEqual([]);
});

it('parts many recipients, with the same bytes to each part', async () => {
  const inner = new Recorder();
  const mail = testMail(people(7));
  expect(await bounded(inner, 3).send(mail)).toMatchObject({
    ok: true,
    accepted: people(7),
    refused: [],
    reply: '250 3',
  });
  expect(inner.sent.map(({ recipients }) => recipients.length)).toEqual([3, 3, 1]);
  expect(new Set(inner.sent.map(({ raw }) => raw)).size).toBe(1);
});

const failing = (code: 'message-refused' | 'throttled'): SendResult => ({
  ok: false,
  failure: mailFailure(code),
  reply: '4xx no',
  refused: [],
});
it.each([
  ['throttled', true],
  ['message-refused', false],
] as const)('keeps what was taken when a later part is not (%s)', async (code, temporary) => {
  const taken: SendResult = { ok: true, reply: '250', accepted: people(2), refused: [] };
  const inner = new Recorder([taken, failing(code)]);
  const result = await bounded(inner, 2).send(testMail(people(6)));
  expect(result).toMatchObject({ ok: true, accepted: people(2) });
  expect(result.refused.map((one) => one.temporary)).toEqual([temporary, temporary, true, true]);
  expect(inner.sent).toHaveLength(2);
});

it('is a plain failure when the first part fails', async () => {
  const inner = new Recorder([failing('throttled')]);
  expect(await bounded(inner, 2).send(testMail(people(6)))).toMatchObject({
    ok: false,
    failure: { code: 'throttled' },
  });
  expect(inner.sent).toHaveLength(1);
});
