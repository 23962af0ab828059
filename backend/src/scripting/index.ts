export type { ScriptLimits, ScriptProblem } from './script-types.js';
