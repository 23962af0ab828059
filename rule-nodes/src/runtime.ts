/** What runs chains: for the backend alone. */
export * from './index.js';
export * from './node/outcome.js';
export * from './node/ports.js';
export type * from './runner/run-types.js';
