export { RuleEngineModule } from './rule-engine.module.js';
