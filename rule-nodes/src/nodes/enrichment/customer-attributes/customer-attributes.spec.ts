import { expect, it } from 'vitest';

import type { JsonObject } from '../../../language/rule-message.js';
import { upgradeConfig } from '../../../node/upgrade-config.js';
import { idOf, telemetry } from '../../../testing/chain-builder.js';
import { recordingPorts } from '../../../testing/recording-ports.js';
import { runNode } from '../../../testing/run-node.js';
import { customerAttributesNode } from './customer-attributes.descriptor.js';

const customer = { entityType: 'CUSTOMER', id: idOf('customer') } as const;
const message = telemetry({ t: 1 }, { customerId: customer.id, metadata: { key: 'email', as: 'mail' } });
const nobodys = telemetry({ t: 1 });

function run(config: JsonObject, ...messages: (typeof message)[]) {
  const recording = recordingPorts();
  recording.attributes.set(customer, 'SERVER_SCOPE', [{ key: 'email', ts: 1, value: 'c@example.org' }]);
  void recording.timeseries.save([
    {
      entity: customer,
      ttlSeconds: 0,
      store: { history: true, latest: true },
      values: [{ key: 'load', ts: 1, value: 7 }],
    },
  ]);
  return runNode('enrichment/customer-attributes', config, messages, { recording });
}

it("adds the customer's server attributes under the names of the mapping; both may be templates", async () => {
  expect(await run({ dataMapping: { '${key}': '${as}', gone: 'x' } }, message)).toMatchObject([
    { emissions: [{ label: 'Success', message: { metadata: { key: 'email', as: 'mail', mail: 'c@example.org' } } }] },
  ]);
});

it('adds latest telemetry, and into the data', async () => {
  expect(
    await run({ dataMapping: { load: 'l' }, dataToFetch: 'LATEST_TELEMETRY', fetchTo: 'DATA' }, message),
  ).toMatchObject([{ emissions: [{ message: { data: { t: 1, l: 7 } } }] }]);
});

it('fails where the originator has no customer and answers the others', async () => {
  const outcomes = await run({ dataMapping: { email: 'mail' } }, nobodys, message);
  expect(outcomes).toMatchObject([
    { kind: 'failed', message: nobodys, failure: { message: 'Originator is not assigned to any customer' } },
    { emissions: [{ message: { metadata: { mail: 'c@example.org' } } }] },
  ]);
});

it('takes an originator that is a customer itself', async () => {
  expect(await run({ dataMapping: { email: 'mail' } }, { ...nobodys, originator: customer })).toMatchObject([
    { kind: 'emitted' },
  ]);
});

it('brings version 0 up to date, and needs both of its keys', () => {
  const upgraded = (config: JsonObject) => upgradeConfig(customerAttributesNode.upgrades, config, 0);
  expect(upgraded({ attrMapping: { a: 'b' }, telemetry: 'true' })).toEqual({
    ok: true,
    config: { dataMapping: { a: 'b' }, dataToFetch: 'LATEST_TELEMETRY', fetchTo: 'METADATA' },
  });
  expect(upgraded({ attrMapping: {} }).ok).toBe(false);
});
