import { expect, it } from 'vitest';

import type { JsonObject } from '../../../language/rule-message.js';
import { upgradeConfig } from '../../../node/upgrade-config.js';
import { idOf, telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runNode, runOnce } from '../../../testing/run-node.js';
import { saveTimeSeriesNode } from './save-time-series.descriptor.js';

const TYPE = 'action/save-time-series';
const at = (ts: number, more = {}) =>
  telemetry({ t: ts }, { id: idOf(String(ts)), metadata: { ts: String(ts) }, ...more });
const savedBy = async (config: JsonObject, ...messages: ReturnType<typeof at>[]) => {
  const recording = recordingPorts();
  const outcomes = await runNode(TYPE, config, messages, { recording });
  for (const outcome of outcomes) expect(outcome).toMatchObject({ emissions: [{ label: 'Success' }] });
  return recording.timeseries.saves;
};

it('stores the values of the originator at the time that metadata says', async () => {
  const message = telemetry({ t: 1, s: 'x' }, { metadata: { ts: '1600' } });
  expect(await savedBy({}, message)).toEqual([
    {
      entity: message.originator,
      ttlSeconds: 0,
      store: { history: true, latest: true },
      values: [
        { key: 't', ts: 1600, value: 1 },
        { key: 's', ts: 1600, value: 'x' },
      ],
    },
  ]);
});

it('takes the time of acceptance where metadata says none, or where the node is told to', async () => {
  const [without, wrong, own] = [
    at(5, { ts: 9, metadata: {} }),
    at(5, { ts: 9, metadata: { ts: 'x' } }),
    at(5, { ts: 9 }),
  ];
  expect((await savedBy({}, without, wrong)).flatMap(({ values }) => values.map(({ ts }) => ts))).toEqual([9, 9]);
  expect(await savedBy({ useServerTs: true }, own)).toMatchObject([{ values: [{ ts: 9 }] }]);
});

it('keeps values as long as metadata says, else as the node says', async () => {
  const message = telemetry({ t: 1 }, { metadata: { TTL: '60' } });
  expect(await savedBy({ defaultTTL: 5 }, message)).toMatchObject([{ ttlSeconds: 60 }]);
  expect(await savedBy({ defaultTTL: 5 }, at(1))).toMatchObject([{ ttlSeconds: 5 }]);
});

it.each([
  ['another type', telemetry({ t: 1 }, { type: 'ALARM' }), 'Unsupported msg type: ALARM'],
  ['no values', telemetry({}), 'Msg body is empty: {}'],
  ['null', telemetry({ t: null }), 'the value of "t" is null'],
  ['a TTL that is no number', telemetry({ t: 1 }, { metadata: { TTL: 'long' } }), 'metadata.TTL'],
])('fails on %s and stores the rest', async (_, wrong, sentence) => {
  const recording = recordingPorts();
  const outcomes = await runNode(TYPE, {}, [wrong, at(1)], { recording });
  expect(outcomes).toMatchObject([
    { kind: 'failed', failure: { message: expect.stringContaining(sentence) } },
    { kind: 'emitted' },
  ]);
  expect(recording.timeseries.saves).toHaveLength(1);
});

it.each([
  [{ type: 'WEBSOCKETS_ONLY' }, []],
  [{ type: 'ADVANCED', timeseries: { type: 'SKIP' }, latest: { type: 'SKIP' } }, []],
  [{ type: 'ADVANCED', latest: { type: 'SKIP' } }, [{ history: true, latest: false }]],
  [{ type: 'ON_EVERY_MESSAGE' }, [{ history: true, latest: true }]],
])('with %o stores %o', async (processingSettings, stores) => {
  expect((await savedBy({ processingSettings }, at(1))).map(({ store }) => store)).toEqual(stores);
});

it('stores once in each interval, within a batch and between batches', async () => {
  const recording = recordingPorts();
  const config = { processingSettings: { type: 'DEDUPLICATE', deduplicationIntervalSecs: 1 } };
  await runNode(TYPE, config, [at(100), at(900), at(1100)], { recording });
  await runOnce(TYPE, config, at(1900), { recording });
  await runOnce(TYPE, config, at(2000), { recording });
  expect(recording.timeseries.saves.flatMap(({ values }) => values.map(({ ts }) => ts))).toEqual([100, 1100, 2000]);
});

it.each([
  [{ skipLatestPersistence: 'true' }, 'ADVANCED'],
  [{ skipLatestPersistence: true }, 'ADVANCED'],
  [{ skipLatestPersistence: 'false' }, 'ON_EVERY_MESSAGE'],
  [{}, 'ON_EVERY_MESSAGE'],
])('brings version 0 with %o to %s', (old, type) => {
  const upgraded = upgradeConfig(saveTimeSeriesNode.upgrades, { defaultTTL: 0, ...old }, 0);
  expect(upgraded.config).toMatchObject({ defaultTTL: 0, processingSettings: { type } });
  expect(upgraded.config).not.toHaveProperty('skipLatestPersistence');
});
