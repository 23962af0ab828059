import type { Routes } from '@angular/router';
import { RuleChainPage } from './rule-chain-page';
import { RuleChainStore } from './rule-chain-store';
import { RuleChainsPage } from './rule-chains-page';

export const RULE_CHAIN_ROUTES: Routes = [
  { path: '', component: RuleChainsPage, providers: [RuleChainStore] },
  { path: ':id', component: RuleChainPage },
];
