import { expect, it } from 'vitest';
import { z } from 'zod';

import { CATALOG, descriptorOf, descriptorOfThingsBoard } from './catalog.js';
import { ALARM_SEVERITIES } from './node/ports.js';
import { implementPure } from './node/implement-node.js';
import { joinCatalog } from './node/join-catalog.js';
import { outputNode } from './nodes/flow/output/output.descriptor.js';
import { outputRun } from './nodes/flow/output/output.run.js';
import { RUNTIME_CATALOG } from './runtime-catalog.js';
import { NODE_CATEGORIES, outputsOf } from './node/describe-node.js';
import { idOf, telemetry } from './testing/chain-builder.js';
import { recordingPorts } from './testing/recording-ports.js';

const each = CATALOG.map((descriptor) => [descriptor.type, descriptor] as const);

const fieldsOf = ({ shape }: z.ZodObject): Readonly<Record<string, z.core.$ZodType>> => shape;

it.each(each)('%s: defaults and example are whole and valid', (_, { config, defaults, example }) => {
  const keys = Object.keys(config.shape).sort();
  expect(config.parse(defaults)).toEqual(defaults);
  expect(config.parse(example)).toEqual(example);
  expect(Object.keys(defaults).sort()).toEqual(keys);
  expect(Object.keys(example).sort()).toEqual(keys);
});

it.each(each)('%s: a configuration is plain JSON', (_, { config, example }) => {
  expect(z.json().parse(config.parse(example))).toEqual(example);
});

it.each(each)('%s: can be shown as a form, every field with a title', (_, { config }) => {
  const isHidden = (key: string) => z.globalRegistry.get(fieldsOf(config)[key] ?? config)?.ui?.hidden === true;
  const shown = Object.entries(z.toJSONSchema(config, { io: 'output' }).properties ?? {}).filter(
    ([key]) => !isHidden(key),
  );
  for (const [key, field] of shown) expect(field, key).toHaveProperty('title');
});

it.each(each)('%s: says what it is', (_, descriptor) => {
  expect(NODE_CATEGORIES).toContain(descriptor.category);
  expect(descriptor.type).toMatch(/^[a-z]+\/[a-z-]+$/);
  for (const text of [descriptor.name, descriptor.summary, descriptor.help, descriptor.icon])
    expect(text.trim()).not.toBe('');
  expect(descriptor.summary).toMatch(/\.$/);
});

it.each(each)("%s: its configuration has ThingsBoard's version and is found by ThingsBoard's type", (_, descriptor) => {
  expect(descriptor.configVersion).toBe(descriptor.thingsboard.version);
  expect(descriptorOfThingsBoard(descriptor.thingsboard.type)).toBe(descriptor);
  expect(descriptorOf(descriptor.type)).toBe(descriptor);
});

it.each(each)('%s: runs its example and answers every message at outputs that it has', async (type, descriptor) => {
  const site = { nodeId: idOf(type), nodeName: type, isConnected: () => true };
  const prepared = RUNTIME_CATALOG.get(type)?.prepare(descriptor.example, site);
  if (!prepared?.ok) throw new Error(prepared?.problems.join(' '));
  const messages = ['POST_TELEMETRY_REQUEST', 'POST_ATTRIBUTES_REQUEST', 'SEND_EMAIL'].map((of) =>
    telemetry(
      { temperature: 21, severity: ALARM_SEVERITIES[0], to: 'a@example.org', subject: 's', body: 'b' },
      { type: of, customerId: idOf('customer') },
    ),
  );
  const ports = recordingPorts().at({
    tenantId: idOf('t'),
    chainId: idOf('c'),
    chainVersion: 1,
    nodeId: idOf(type),
    nodeName: type,
  });
  const { behaviour } = prepared;
  const outcomes = behaviour.kind === 'pure' ? messages.map(behaviour.run) : await behaviour.run(messages, ports);
  expect(outcomes).toHaveLength(messages.length);
  const labels = outcomes.flatMap((outcome) =>
    outcome.kind === 'emitted' ? outcome.emissions.map(({ label }) => label) : [],
  );
  const outputs = outputsOf(descriptor) ?? labels;
  for (const label of labels) expect(outputs).toContain(label);
  expect(
    outcomes.some(({ kind }) => kind !== 'failed'),
    JSON.stringify(outcomes),
  ).toBe(true);
});

it('refuses to load when description and behaviour disagree', () => {
  expect(() => joinCatalog([outputNode], [])).toThrow('flow/output is not implemented');
  expect(() => joinCatalog([], [outputRun])).toThrow('flow/output is implemented but not in the catalogue');
  expect(() => joinCatalog([outputNode, outputNode], [outputRun])).toThrow('flow/output is described twice');
  expect(() => joinCatalog([outputNode], [outputRun, outputRun])).toThrow('flow/output is implemented twice');
  const wrong = { ...outputNode, config: z.object({ needed: z.string() }) };
  const run = implementPure({ ...wrong, defaults: { needed: '' }, example: { needed: '' } }, () => () => ({
    kind: 'parked',
  }));
  expect(() => joinCatalog([{ ...run.descriptor, defaults: {} }], [run])).toThrow('has invalid defaults');
});
