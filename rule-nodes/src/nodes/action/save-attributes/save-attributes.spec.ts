import { expect, it } from 'vitest';

import type { JsonObject } from '../../../language/rule-message.js';
import { upgradeConfig } from '../../../node/upgrade-config.js';
import { telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runNode, runOnce } from '../../../testing/run-node.js';
import { saveAttributesNode } from './save-attributes.descriptor.js';

const TYPE = 'action/save-attributes';
const attributes = (data: JsonObject, metadata: Record<string, string> = {}) =>
  telemetry(data, { type: 'POST_ATTRIBUTES_REQUEST', metadata, ts: 7 });
const written = async (config: JsonObject, message: ReturnType<typeof attributes>) => {
  const recording = recordingPorts();
  expect(await runOnce(TYPE, config, message, { recording })).toMatchObject({
    emissions: [{ label: 'Success', message }],
  });
  return recording.attributes.writes;
};

it('stores the values in the scope of the node', async () => {
  expect(await written({ scope: 'CLIENT_SCOPE' }, attributes({ a: 1 }, { notifyDevice: 'false' }))).toEqual([
    {
      entity: attributes({}).originator,
      scope: 'CLIENT_SCOPE',
      values: [{ key: 'a', ts: 7, value: 1 }],
      onlyIfChanged: false,
      notifyDevice: false,
    },
  ]);
});

it('stores them in the scope that metadata names', async () => {
  expect(await written({ scope: 'CLIENT_SCOPE' }, attributes({ a: 1 }, { scope: 'SHARED_SCOPE' }))).toMatchObject([
    { scope: 'SHARED_SCOPE' },
  ]);
});

it.each([
  [{ notifyDevice: true }, { notifyDevice: 'false' }, true],
  [{ notifyDevice: false }, { notifyDevice: 'true' }, true],
  [{ notifyDevice: false }, {}, true],
  [{ notifyDevice: false }, { notifyDevice: 'false' }, false],
])('with %o and metadata %o tells the device: %s', async (config, metadata: Record<string, string>, notifyDevice) => {
  expect(await written(config, attributes({ a: 1 }, metadata))).toMatchObject([{ notifyDevice }]);
});

it('lets a message without values go on', async () => {
  expect(await written({}, attributes({}))).toEqual([]);
});

it.each([
  ['another type', telemetry({ a: 1 }), 'Unsupported msg type: POST_TELEMETRY_REQUEST'],
  ['an unknown scope', attributes({ a: 1 }, { scope: 'MY_SCOPE' }), 'MY_SCOPE'],
  ['no object', { ...attributes({}), data: [1] }, "Can't parse value"],
])('fails on %s', async (_, message, sentence) => {
  expect(await runOnce(TYPE, {}, message)).toMatchObject({
    kind: 'failed',
    failure: { message: expect.stringContaining(sentence) },
  });
});

it('stores once in an interval', async () => {
  const recording = recordingPorts();
  const config = { processingSettings: { type: 'DEDUPLICATE', deduplicationIntervalSecs: 10 } };
  await runNode(TYPE, config, [attributes({ a: 1 }), attributes({ a: 2 }), attributes({ b: 1 })], { recording });
  await runOnce(TYPE, config, attributes({ a: 3 }), { recording });
  expect(recording.attributes.writes.map(({ values }) => values.map(({ value, key }) => [key, value]))).toEqual([
    [['a', 1]],
    [['b', 1]],
  ]);
});

it.each([[{ type: 'WEBSOCKETS_ONLY' }], [{ type: 'ADVANCED', attributes: { type: 'SKIP' } }]])(
  'with %o stores nothing',
  async (processingSettings) => {
    expect(await written({ processingSettings }, attributes({ a: 1 }))).toEqual([]);
  },
);

it('brings version 0 and the texts of version 1 to the newest', () => {
  const upgraded = (config: JsonObject, from: number) =>
    upgradeConfig(saveAttributesNode.upgrades, config, from).config;
  expect(upgraded({ scope: 'CLIENT_SCOPE' }, 0)).toEqual({
    scope: 'CLIENT_SCOPE',
    notifyDevice: true,
    sendAttributesUpdatedNotification: false,
    updateAttributesOnlyOnValueChange: false,
    processingSettings: { type: 'ON_EVERY_MESSAGE' },
  });
  expect(upgraded({ notifyDevice: 'false', updateAttributesOnlyOnValueChange: 'true' }, 1)).toMatchObject({
    notifyDevice: false,
    updateAttributesOnlyOnValueChange: true,
  });
});
