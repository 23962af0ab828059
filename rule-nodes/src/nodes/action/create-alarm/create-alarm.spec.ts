import { expect, it } from 'vitest';

import { deriveId } from '../../../language/derive-id.js';
import type { JsonObject } from '../../../language/rule-message.js';
import { idOf, telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runNode, runOnce } from '../../../testing/run-node.js';

const TYPE = 'action/create-alarm';
const KEEP =
  'var d = metadata.prevAlarmDetails ? JSON.parse(metadata.prevAlarmDetails) : {}; d.count = (d.count || 0) + 1; return d;';
const BASIC = { alarmType: 'Hot', severity: 'MAJOR', alarmDetailsBuildJs: KEEP };
const message = telemetry(
  { t: 90, level: 'MINOR' },
  { customerId: idOf('customer'), metadata: { ts: '1600', deviceType: 'oven' } },
);
const started = () => recordingPorts({ now: () => 5000 });

it('raises an alarm and sends it on at Created', async () => {
  const recording = started();
  const outcome = await runOnce(TYPE, { ...BASIC, propagate: true, relationTypes: ['Contains'] }, message, {
    recording,
  });
  const id = deriveId(message.id, idOf('node'), 'alarm', 0);
  const alarm = {
    id,
    type: 'Hot',
    severity: 'MAJOR',
    status: 'ACTIVE_UNACK',
    originator: message.originator,
    customerId: idOf('customer'),
    startTs: 1600,
    endTs: 1600,
    details: { count: 1 },
    propagate: true,
    propagateRelationTypes: ['Contains'],
  };
  expect(recording.alarms.all).toMatchObject([alarm]);
  expect(outcome).toMatchObject({
    kind: 'emitted',
    emissions: [
      {
        label: 'Created',
        message: {
          id: message.id,
          type: 'ALARM',
          alarmId: id,
          data: alarm,
          metadata: { deviceType: 'oven', isNewAlarm: 'true' },
        },
      },
    ],
  });
});

it('updates the active alarm: severity and details change, its id and start stay', async () => {
  const recording = started();
  await runOnce(TYPE, BASIC, message, { recording });
  const again = telemetry({ t: 91 }, { id: idOf('again'), metadata: { ts: '1700' } });
  const outcome = await runOnce(TYPE, { ...BASIC, severity: 'CRITICAL' }, again, { recording });
  expect(recording.alarms.all).toMatchObject([
    { severity: 'CRITICAL', startTs: 1600, endTs: 5000, details: { count: 2 } },
  ]);
  expect(outcome).toMatchObject({
    emissions: [
      {
        label: 'Updated',
        message: {
          metadata: { isExistingAlarm: 'true', isSeverityUpdated: 'true' },
          alarmId: recording.alarms.all[0]?.id,
        },
      },
    ],
  });
  expect(JSON.stringify(outcome)).not.toContain('prevAlarmDetails');
});

it('says that the severity was updated only when it was', async () => {
  const recording = started();
  await runOnce(TYPE, BASIC, message, { recording });
  const again = telemetry({ t: 91 }, { id: idOf('again') });
  expect(JSON.stringify(await runOnce(TYPE, BASIC, again, { recording }))).not.toContain('isSeverityUpdated');
});

it('lets the second message of a batch about an alarm see what the first one made of it', async () => {
  const recording = started();
  const messages = ['a', 'b', 'c'].map((name) => ({ ...message, id: idOf(name) }));
  const outcomes = await runNode(TYPE, BASIC, messages, { recording });
  expect(outcomes.map((outcome) => outcome.kind === 'emitted' && outcome.emissions[0]?.label)).toEqual([
    'Created',
    'Updated',
    'Updated',
  ]);
  expect(recording.alarms.all).toMatchObject([{ details: { count: 3 } }]);
});

it('goes on unchanged at Success where nothing changed, and at False where there is no alarm', async () => {
  const answers = [[{ change: 'unchanged' as const, alarm: {} as never }], []]; // the node does not look at the alarm
  for (const [index, label] of ['Success', 'False'].entries()) {
    const recording = started();
    recording.alarms.raise = () => Promise.resolve(answers[index] ?? []);
    expect(await runOnce(TYPE, BASIC, message, { recording })).toEqual({
      kind: 'emitted',
      emissions: [{ label, message }],
    });
  }
});

it('takes type and severity from templates', async () => {
  const recording = started();
  await runOnce(
    TYPE,
    { ...BASIC, alarmType: '${deviceType} hot', severity: '$[level]', dynamicSeverity: true },
    message,
    { recording },
  );
  expect(recording.alarms.all).toMatchObject([{ type: 'oven hot', severity: 'MINOR' }]);
});

it('fails where the message gives no severity', async () => {
  const outcome = await runOnce(TYPE, { ...BASIC, severity: '$[missing]', dynamicSeverity: true }, message);
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: { message: 'Used incorrect pattern or Alarm Severity not included in message' },
  });
});

it('is not accepted with a severity that does not exist or without a type', async () => {
  await expect(runOnce(TYPE, { ...BASIC, severity: 'AWFUL' }, message)).rejects.toThrow(
    'Incorrect Alarm Severity value: AWFUL',
  );
  await expect(runOnce(TYPE, { ...BASIC, alarmType: '' }, message)).rejects.toThrow('alarmType');
});

it('fails the message whose script fails or gives nothing, and raises the others', async () => {
  const recording = started();
  const script = 'if (msg.t === 1) throw new Error("no"); if (msg.t === 2) return; return {};';
  const messages = [1, 2, 3].map((t) =>
    telemetry({ t }, { id: idOf(String(t)), originator: { entityType: 'DEVICE', id: idOf(`device ${t}`) } }),
  );
  const outcomes = await runNode(TYPE, { ...BASIC, alarmDetailsBuildJs: script }, messages, { recording });
  expect(outcomes).toMatchObject([
    { failure: { code: 'script-error' } },
    { failure: { code: 'script-result' } },
    { kind: 'emitted' },
  ]);
  expect(recording.alarms.all).toMatchObject([{ originator: { id: idOf('device 3') } }]);
});

// ── the message holds the alarm ──────────────────────────────────────────────────────────────────────────────────────
const given: JsonObject = {
  type: 'Given',
  severity: 'WARNING',
  details: { from: 'message' },
  propagateToOwner: true,
  startTs: 0,
};
const fromMessage = { useMessageAlarmData: true, alarmDetailsBuildJs: "return {from: 'script'};" };

it.each([
  [{ overwriteAlarmDetails: false }, 'message'],
  [{ overwriteAlarmDetails: true }, 'script'],
  [{}, 'script'],
])('with %o takes the details from the %s', async (config, from) => {
  const recording = started();
  await runOnce(TYPE, { ...fromMessage, ...config }, { ...message, data: given }, { recording });
  expect(recording.alarms.all).toMatchObject([
    { type: 'Given', severity: 'WARNING', propagateToOwner: true, startTs: 1600, details: { from } },
  ]);
});

it('fails where the message holds no alarm', async () => {
  expect(await runOnce(TYPE, fromMessage, message)).toMatchObject({
    kind: 'failed',
    failure: { code: 'message-data' },
  });
});
