import { expect, it } from 'vitest';

import { idOf, telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts, type RecordingPorts } from '../../../testing/recording-ports.js';
import { runNode, runOnce } from '../../../testing/run-node.js';

const TYPE = 'action/clear-alarm';
const CLEAR = {
  alarmType: '${kind}',
  alarmDetailsBuildJs: 'var d = JSON.parse(metadata.prevAlarmDetails); d.at = msg.t; return d;',
};
const message = telemetry({ t: 20 }, { metadata: { kind: 'Hot' } });

async function withAlarm(recording: RecordingPorts = recordingPorts({ now: () => 5000 })) {
  const spread = { propagate: false, propagateToOwner: false, propagateToTenant: false, propagateRelationTypes: [] };
  const key = {
    id: idOf('alarm'),
    originator: message.originator,
    type: 'Hot',
    customerId: null,
    severity: 'MAJOR' as const,
  };
  await recording.alarms.raise([{ ...key, ...spread, details: { was: 90 }, startTs: 1 }]);
  return recording;
}

it('clears the active alarm of the type and sends it on at Cleared', async () => {
  const recording = await withAlarm();
  const outcome = await runOnce(TYPE, CLEAR, message, { recording });
  expect(recording.alarms.all).toMatchObject([
    { status: 'CLEARED_UNACK', clearTs: 5000, details: { was: 90, at: 20 } },
  ]);
  expect(outcome).toMatchObject({
    emissions: [
      {
        label: 'Cleared',
        message: {
          type: 'ALARM',
          alarmId: idOf('alarm'),
          data: { cleared: true },
          metadata: { kind: 'Hot', isClearedAlarm: 'true' },
        },
      },
    ],
  });
});

it.each([
  ['no alarm of the type', { ...message, metadata: { kind: 'Cold' } }],
  ['no alarm of the originator', { ...message, originator: { entityType: 'DEVICE' as const, id: idOf('other') } }],
])('goes on unchanged at False where there is %s', async (_, other) => {
  expect(await runOnce(TYPE, CLEAR, other, { recording: await withAlarm() })).toEqual({
    kind: 'emitted',
    emissions: [{ label: 'False', message: other }],
  });
});

it('clears an alarm once in a batch', async () => {
  const outcomes = await runNode(TYPE, CLEAR, [message, { ...message, id: idOf('2') }], {
    recording: await withAlarm(),
  });
  expect(outcomes).toMatchObject([{ emissions: [{ label: 'Cleared' }] }, { emissions: [{ label: 'False' }] }]);
});

it('clears the originator where it is an alarm itself', async () => {
  const recording = await withAlarm();
  const told = { ...message, metadata: {}, originator: { entityType: 'ALARM' as const, id: idOf('alarm') } };
  expect(await runNode(TYPE, CLEAR, [message, told], { recording })).toMatchObject([
    { emissions: [{ label: 'Cleared' }] },
    { emissions: [{ label: 'Success' }] },
  ]);
  expect(await runOnce(TYPE, CLEAR, told, { recording: await withAlarm() })).toMatchObject({
    emissions: [{ label: 'Cleared' }],
  });
});

it('goes on at Success where somebody else cleared it meanwhile', async () => {
  const recording = await withAlarm();
  recording.alarms.clear = () => Promise.resolve([null]);
  expect(await runOnce(TYPE, CLEAR, message, { recording })).toEqual({
    kind: 'emitted',
    emissions: [{ label: 'Success', message }],
  });
});

it('fails where the script fails and leaves the alarm active', async () => {
  const recording = await withAlarm();
  const outcome = await runOnce(TYPE, { ...CLEAR, alarmDetailsBuildJs: 'throw new Error("no");' }, message, {
    recording,
  });
  expect(outcome).toMatchObject({ kind: 'failed', failure: { code: 'script-error' } });
  expect(recording.alarms.all).toMatchObject([{ cleared: false }]);
});
