export { AlarmBatch, type AlarmChange } from './alarm-batch.js';
export { alarmEvent } from './alarm-events.js';
