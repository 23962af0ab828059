import { expect, it } from 'vitest';

import type { JsonObject } from '../../../language/rule-message.js';
import { upgradeConfig } from '../../../node/upgrade-config.js';
import { telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runOnce } from '../../../testing/run-node.js';
import { originatorAttributesNode } from './originator-attributes.descriptor.js';

const message = telemetry({ t: 1 }, { metadata: { which: 'address' } });
const entity = message.originator;

function stored() {
  const recording = recordingPorts();
  recording.attributes.set(entity, 'CLIENT_SCOPE', [{ key: 'fw', ts: 1, value: '1.0' }]);
  recording.attributes.set(entity, 'SHARED_SCOPE', [{ key: 'limit', ts: 1, value: 80 }]);
  recording.attributes.set(entity, 'SERVER_SCOPE', [{ key: 'address', ts: 1, value: { street: 'Main St' } }]);
  void recording.timeseries.save([
    {
      entity,
      ttlSeconds: 0,
      store: { history: true, latest: true },
      values: [{ key: 'temperature', ts: 42, value: 21 }],
    },
  ]);
  return recording;
}
const ALL = {
  clientAttributeNames: ['fw'],
  sharedAttributeNames: ['limit'],
  serverAttributeNames: ['${which}'],
  latestTsKeyNames: ['temperature'],
};
const run = (config: JsonObject, of = message) =>
  runOnce('enrichment/originator-attributes', config, of, { recording: stored() });

it('adds each kind with its prefix to metadata, as texts', async () => {
  expect(await run(ALL)).toMatchObject({
    emissions: [
      {
        label: 'Success',
        message: {
          data: { t: 1 },
          metadata: {
            which: 'address',
            cs_fw: '1.0',
            shared_limit: '80',
            ss_address: '{"street":"Main St"}',
            temperature: '21',
          },
        },
      },
    ],
  });
});

it('adds them to the data as they are', async () => {
  expect(await run({ ...ALL, fetchTo: 'DATA' })).toMatchObject({
    emissions: [
      {
        message: {
          metadata: message.metadata,
          data: { t: 1, cs_fw: '1.0', shared_limit: 80, ss_address: { street: 'Main St' }, temperature: 21 },
        },
      },
    ],
  });
  expect(await run({ ...ALL, fetchTo: 'DATA' }, { ...message, data: [1] })).toMatchObject({
    kind: 'failed',
    failure: { code: 'message-data' },
  });
});

it('adds latest telemetry with its time where asked', async () => {
  expect(await run({ latestTsKeyNames: ['temperature'], getLatestValueWithTs: true })).toMatchObject({
    emissions: [{ message: { metadata: { temperature: '{"ts":42,"value":21}' } } }],
  });
});

it('leaves absent keys out, or fails with the enriched message and their names', async () => {
  const config = { clientAttributeNames: ['fw', 'gone'], serverAttributeNames: ['missing'] };
  expect(await run(config)).toMatchObject({ kind: 'emitted' });
  expect(await run({ ...config, tellFailureIfAbsent: true })).toMatchObject({
    kind: 'failed',
    message: { metadata: { cs_fw: '1.0' } },
    failure: {
      message:
        'The following attribute/telemetry keys is not present in the DB: CLIENT_SCOPE: [gone]; SERVER_SCOPE: [missing]',
    },
  });
});

it.each([
  [true, 'DATA'],
  [false, 'METADATA'],
  [null, 'METADATA'],
  [undefined, 'METADATA'],
])('brings fetchToData %s of version 0 to %s', (fetchToData, fetchTo) => {
  const old = fetchToData === undefined ? {} : { fetchToData };
  expect(upgradeConfig(originatorAttributesNode.upgrades, old, 0)).toEqual({ ok: true, config: { fetchTo } });
});
