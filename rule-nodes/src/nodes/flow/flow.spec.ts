import { expect, it } from 'vitest';

import { upgradeConfig } from '../../node/upgrade-config.js';
import { idOf, telemetry } from '../../testing/chain-builder.js';
import { runOnce } from '../../testing/run-node.js';
import { ruleChainNode } from './rule-chain/rule-chain.descriptor.js';

it('enters the chosen chain', async () => {
  expect(await runOnce('flow/rule-chain', { ruleChainId: idOf('sub') }, telemetry({}))).toEqual({
    kind: 'enter',
    chainId: idOf('sub'),
  });
});

it('fails where no chain is chosen', async () => {
  expect(await runOnce('flow/rule-chain', {}, telemetry({}))).toMatchObject({
    kind: 'failed',
    failure: { code: 'rule-chain-missing' },
  });
});

it('leaves at the output with its own name', async () => {
  expect(await runOnce('flow/output', {}, telemetry({}), { name: 'All good' })).toEqual({
    kind: 'leave',
    label: 'All good',
  });
});

it('brings version 0 up to date', () => {
  expect(upgradeConfig(ruleChainNode.upgrades, { ruleChainId: 'x' }, 0).config).toEqual({
    ruleChainId: 'x',
    forwardMsgToDefaultRuleChain: false,
  });
});
