export { BatchTrail, debugKey, type DebuggedNodes, type NodeDebug } from './batch-trail.js';
export { debugCounter } from './debug-counter.js';
export { DebugEventsController } from './debug-events.controller.js';
export { DebugTrail } from './debug-trail.js';
export { forgetDebugEvents } from './forget-tenant.js';
