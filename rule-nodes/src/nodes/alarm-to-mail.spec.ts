import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

import type { RuleChainDefinition } from '../language/rule-chain.js';
import { compileChain } from '../runner/compile-chain.js';
import { runWave } from '../runner/run-wave.js';
import { DEVICE, entryOf, idOf, publish, telemetry } from '../testing/chain-builder.js';
import { InMemoryHost } from '../testing/in-memory-host.js';
import { importRuleChain } from '../thingsboard/import-rule-chain.js';

const FIXTURES = new URL('../thingsboard/fixtures/', import.meta.url);

function tutorial(name: string, recipient = 'you@example.org'): RuleChainDefinition {
  const text = readFileSync(new URL(name, FIXTURES), 'utf8').replace('**Your Email**', recipient);
  const imported = importRuleChain(JSON.parse(text), { chainId: idOf('root') });
  if (!imported.ok) throw new Error(imported.problems.join(' '));
  return imported.chain.definition;
}

function deviceAt(host: InMemoryHost) {
  let count = 0;
  return async (data: Record<string, number | string>, more = {}) => {
    count += 1;
    const [report] = await runWave([entryOf(telemetry(data, { id: idOf(`message ${count}`), ...more }))], host);
    expect(report).toMatchObject({ retry: [], dead: [], slow: [] });
  };
}

it('raises, updates and clears the alarm of the tutorial and sends one mail for each new alarm', async () => {
  const host = new InMemoryHost([compileChain(publish(tutorial('create_clear_alarm___send_email.json')))]);
  const { alarms, mails } = host.recording;
  const send = deviceAt(host);

  await send({ temperature: 90 });
  expect(alarms.all).toMatchObject([
    { type: 'Critical Temperature', severity: 'CRITICAL', status: 'ACTIVE_UNACK', propagate: true },
  ]);
  expect(mails).toMatchObject([
    {
      server: { use: 'system' },
      parkedId: null,
      alarmId: alarms.all[0]?.id,
      draft: {
        from: 'info@testmail.org',
        to: 'you@example.org',
        subject: 'Device thermostat temperature unacceptable',
        body: 'Device Thermostat A1 has unacceptable temperature: 90',
        html: false,
      },
    },
  ]);

  await send({ temperature: 91 });
  expect([alarms.all.length, mails.length]).toEqual([1, 1]);

  await send({ temperature: 20 });
  expect(alarms.all).toMatchObject([{ status: 'CLEARED_UNACK' }]);

  await send({ temperature: 90 });
  expect(alarms.all).toMatchObject([{ cleared: true }, { cleared: false }]);
  expect(mails).toHaveLength(2);
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
});

it('changes nothing when a message is run again after it was accounted for', async () => {
  const chain = compileChain(publish(tutorial('create_clear_alarm___send_email.json')));
  const [once, twice] = [new InMemoryHost([chain]), new InMemoryHost([chain])];
  const message = entryOf(telemetry({ temperature: 90 }));
  await runWave([message], once);
  await runWave([message], twice);
  const effects = ({ recording }: InMemoryHost) => [
    recording.alarms.all.map(({ id }) => id),
    recording.mails.map(({ messageId }) => messageId),
  ];
  expect(effects(twice)).toEqual(effects(once));
});

it('counts in the details of an alarm', async () => {
  const host = new InMemoryHost([compileChain(publish(tutorial('create___clear_alarms_with_details.json')))]);
  const send = deviceAt(host);
  for (const temperature of [90, 91, 92]) await send({ temperature });
  expect(host.recording.alarms.all).toMatchObject([{ details: { temperature: 92, count: 3 } }]);
  await send({ temperature: 0 });
  expect(host.recording.alarms.all).toMatchObject([{ cleared: true, details: { count: 3, clearedTemperature: 0 } }]);
});

it('puts attributes of the customer and the device into a mail', async () => {
  const host = new InMemoryHost([compileChain(publish(tutorial('send_email_rule_chain.json')))]);
  const { attributes, timeseries, mails } = host.recording;
  const customer = { entityType: 'CUSTOMER', id: idOf('customer') } as const;
  attributes.set(customer, 'SERVER_SCOPE', [{ key: 'email', ts: 1, value: 'customer@example.org' }]);
  attributes.set({ entityType: 'DEVICE', id: DEVICE }, 'SERVER_SCOPE', [
    { key: 'address', ts: 1, value: 'Main St 12' },
  ]);
  const send = deviceAt(host);
  await send({ temperature: 61 }, { customerId: customer.id });
  await send({ temperature: 60 }, { customerId: customer.id });
  expect(timeseries.saves).toHaveLength(2);
  expect(mails.map(({ draft }) => draft)).toMatchObject([
    { to: 'customer@example.org', body: 'Device Thermostat A1 has high temperature 61. Device address - Main St 12' },
  ]);
});

it.each(['root_rule_chain_v2.5.json', 'root_rule_chain_v4.2.json', 'root_rule_chain_v4.4.json'])(
  'stores telemetry and client attributes and logs the rest by %s',
  async (name) => {
    const host = new InMemoryHost([compileChain(publish(tutorial(name)))]);
    const send = deviceAt(host);
    await send({ t: 1 }, { metadata: { ts: '1600000000000' } });
    await send({ serial: 'x' }, { type: 'POST_ATTRIBUTES_REQUEST' });
    await send({ a: 1 }, { type: 'SOMETHING_ELSE' });
    expect(host.recording.timeseries.saves).toMatchObject([
      { values: [{ key: 't', ts: 1_600_000_000_000, value: 1 }] },
    ]);
    expect(host.recording.attributes.writes).toMatchObject([
      { scope: 'CLIENT_SCOPE', values: [{ key: 'serial', value: 'x' }] },
    ]);
    expect(host.recording.lines).toHaveLength(1);
  },
);
