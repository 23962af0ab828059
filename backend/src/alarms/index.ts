export { AlarmBatch, type AlarmChange } from './alarm-batch.js';
export { alarmEvent } from './alarm-events.js';
export { AlarmsModule } from './alarms.module.js';
