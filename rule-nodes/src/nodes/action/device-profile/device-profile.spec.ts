import { expect, it } from 'vitest';

import { upgradeConfig } from '../../../node/upgrade-config.js';
import { telemetry } from '../../../testing/chain-builder.js';
import { runOnce } from '../../../testing/run-node.js';
import { deviceProfileNode } from './device-profile.descriptor.js';

it('passes every message on', async () => {
  const message = telemetry({ t: 1 });
  expect(await runOnce('action/device-profile', {}, message)).toEqual({
    kind: 'emitted',
    emissions: [{ label: 'Success', message }],
  });
});

it('brings version 0 up to date', () => {
  const upgraded = (persistAlarmRulesState: boolean) =>
    upgradeConfig(deviceProfileNode.upgrades, { persistAlarmRulesState, fetchAlarmRulesStateOnStart: true }, 0).config;
  expect(upgraded(false)).toMatchObject({ fetchAlarmRulesStateOnStart: false });
  expect(upgraded(true)).toMatchObject({ fetchAlarmRulesStateOnStart: true });
});
