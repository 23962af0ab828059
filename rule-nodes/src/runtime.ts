/** What runs chains: for the backend alone. */
export * from './index.js';
export * from './node/implement-node.js';
export * from './node/join-catalog.js';
export * from './node/outcome.js';
export * from './node/ports.js';
export { compileChain } from './runner/compile-chain.js';
export { AT_ROOT } from './runner/continuations.js';
export type * from './runner/run-types.js';
export { runWave } from './runner/run-wave.js';
export { HOP_LIMIT } from './runner/wave.js';
export { RUNTIME_CATALOG } from './runtime-catalog.js';
