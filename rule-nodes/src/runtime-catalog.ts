/** The behaviour of all nodes; loading it checks it against the descriptors. */
import { CATALOG } from './catalog.js';
import { joinCatalog } from './node/join-catalog.js';
import { outputRun } from './nodes/flow/output/output.run.js';
import { ruleChainRun } from './nodes/flow/rule-chain/rule-chain.run.js';

export const RUNTIME_CATALOG = joinCatalog(CATALOG, [
  ruleChainRun,
  outputRun,
]);
