/** For tests and dry runs: ports and a host in memory, and short ways to write chains and messages down. */
export * from './testing/chain-builder.js';
export * from './testing/in-memory-alarms.js';
export * from './testing/in-memory-host.js';
export * from './testing/in-memory-values.js';
export * from './testing/plain-scripts.js';
export * from './testing/recording-ports.js';
export * from './testing/run-node.js';
