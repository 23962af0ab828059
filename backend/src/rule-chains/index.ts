export { ChainServerUsage } from './chain-server-usage.js';
export { type ChainToProvision, RuleChains } from './rule-chains.js';
export { RuleChainsModule } from './rule-chains.module.js';
