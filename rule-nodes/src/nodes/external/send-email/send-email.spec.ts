import { expect, it } from 'vitest';

import { parkIdOf } from '../../../language/park-id.js';
import { idOf, telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runOnce } from '../../../testing/run-node.js';

const draft = {
  from: 'x@example.org',
  to: 'a@example.org, b@example.org',
  cc: null,
  bcc: null,
  subject: 'S',
  body: 'B',
  images: null,
  html: false,
};
const alarmId = idOf('alarm');
const message = telemetry(draft, { type: 'SEND_EMAIL', alarmId });
const run = async (config: object = {}, of = message, connected: string[] = []) => {
  const recording = recordingPorts();
  const outcome = await runOnce('external/send-email', { ...config }, of, { recording, connected });
  return { outcome, mails: recording.mails };
};

it('puts the mail into the outbox and ends where nothing waits for it', async () => {
  const { outcome, mails } = await run();
  expect(outcome).toEqual({ kind: 'emitted', emissions: [] });
  expect(mails).toMatchObject([
    {
      messageId: message.id,
      mailNumber: 0,
      draft,
      alarmId,
      originator: message.originator,
      parkedId: null,
      giveUpAfterSeconds: null,
    },
  ]);
});

it.each(['Success', 'Suppressed', 'Failure'])('parks the message where %s is connected', async (label) => {
  const { outcome, mails } = await run({}, message, [label]);
  expect(outcome).toEqual({ kind: 'parked' });
  expect(mails[0]?.parkedId).toBe(parkIdOf(message.id, idOf('node')));
});

it.each([
  [{ useSystemSmtpSettings: true }, { use: 'system' }],
  [{ useSystemSmtpSettings: false }, { use: 'tenant-default' }],
  [{}, { use: 'tenant-default' }],
  [{ useSystemSmtpSettings: true, server: { use: 'tenant-default' } }, { use: 'tenant-default' }],
  [{ server: { use: 'named', serverId: idOf('server') } }, { use: 'named', serverId: idOf('server') }],
])('with %o sends by %o', async (config, server) => {
  expect((await run(config)).mails).toMatchObject([{ server }]);
});

it('says how long to try', async () => {
  expect((await run({ giveUpAfterSeconds: 600 })).mails).toMatchObject([{ giveUpAfterSeconds: 600 }]);
});

it.each([
  ['another type', { ...message, type: 'ALARM' }, 'Not expected msg type ALARM for SendEmail Node'],
  ['no recipient', { ...message, data: { ...draft, to: null } }, 'Email destination can not be blank []'],
  ['a blank recipient', { ...message, data: { ...draft, to: '  ' } }, 'Email destination can not be blank [  ]'],
  ['no mail', { ...message, data: 'x' }, 'The message holds no mail.'],
])('fails on %s', async (_, wrong, sentence) => {
  const { outcome, mails } = await run({}, wrong);
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: { retryable: false, message: expect.stringContaining(sentence) },
  });
  expect(mails).toEqual([]);
});

it('hands a refusal of the outbox on', async () => {
  const recording = recordingPorts();
  const failure = { code: 'mail-server-missing', message: 'No mail server.', retryable: false };
  recording.at = (scope) => ({
    ...recordingPorts().at(scope),
    mail: { enqueue: () => Promise.resolve([{ ok: false, failure }]) },
  });
  expect(await runOnce('external/send-email', {}, message, { recording })).toMatchObject({ kind: 'failed', failure });
});
