import { expect, it } from 'vitest';

import { idOf } from '../testing/chain-builder.js';
import { exportRuleChain } from './export-rule-chain.js';
import { importRuleChain } from './import-rule-chain.js';

it("keeps what hangs on an output that is this product's own", () => {
  const nodes = ['mail.TbSendEmailNode', 'action.TbLogNode'].map((type, at) => ({
    ...{ type: `org.thingsboard.rule.engine.${type}`, name: `n${at}`, configuration: {} },
  }));
  const connections = [{ fromIndex: 0, toIndex: 1, type: 'Suppressed' }];
  const file = { ruleChain: { name: 'Chain' }, metadata: { firstNodeIndex: 0, nodes, connections } };
  const result = importRuleChain(file, { chainId: idOf('chain') });
  expect(result.ok && exportRuleChain(result.chain)).toMatchObject({ metadata: { connections } });
});
