export { ScriptPool, type ScriptPoolOptions } from './script-pool.js';
export type { ScriptLimits, ScriptProblem } from './script-types.js';
export { ScriptingModule } from './scripting.module.js';
