export { Metrics } from './metrics.js';
export { OpsModule } from './ops.module.js';
export { Readiness, type ReadinessCheck } from './readiness.js';
